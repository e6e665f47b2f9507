import { EXIT } from '../../errors.js'

/** Why a dashboard was closed; `closed` is by the program itself. */
export type CloseReason = 'quit' | 'interrupt' | 'terminate' | 'crash' | 'closed'

/** The exit code that fits each reason. */
export const EXIT_OF: Record<CloseReason, number> = {
  quit: EXIT.ok,
  closed: EXIT.ok,
  interrupt: EXIT.interrupted,
  terminate: EXIT.terminated,
  crash: EXIT.failure,
}

/**
 * Calls `close` when the process is about to end for a reason from outside, so that the terminal is given back first: a
 * signal, or an error that nobody caught. Such an error is then reported as it would have been, on a screen where it can
 * be read.
 * @returns gives the signals back
 */
export function onEnding(close: (reason: CloseReason) => void): () => void {
  const interrupt = () => close('interrupt')
  const terminate = () => close('terminate')
  const crash = () => close('crash')
  process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', terminate)
  process.on('uncaughtExceptionMonitor', crash)
  return () => {
    process.off('SIGINT', interrupt).off('SIGTERM', terminate).off('SIGHUP', terminate)
    process.off('uncaughtExceptionMonitor', crash)
  }
}
