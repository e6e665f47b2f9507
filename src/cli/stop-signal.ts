import { EXIT } from '../errors.js'

export interface StopSignal {
  /** aborts on the first SIGINT or SIGTERM */
  readonly signal: AbortSignal
  /** 130 or 143 once it has come, undefined before */
  readonly exitCode: number | undefined
  /** Gives the signals back. */
  dispose(): void
}

const EXIT_CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const
type StopName = keyof typeof EXIT_CODES

/**
 * Turns the first SIGINT or SIGTERM into an AbortSignal, so that work can end in order; the second ends the process
 * at once, with 130 or 143.
 * @param onFirst told which one came first, before the signal aborts
 */
export function createStopSignal(onFirst?: (name: StopName) => void): StopSignal {
  const controller = new AbortController()
  let exitCode: number | undefined
  const stop = (name: StopName) => {
    if (exitCode !== undefined) process.exit(EXIT_CODES[name])
    exitCode = EXIT_CODES[name]
    onFirst?.(name)
    controller.abort()
  }
  const names = Object.keys(EXIT_CODES) as StopName[]
  for (const name of names) process.on(name, stop)
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode
    },
    dispose() {
      for (const name of names) process.off(name, stop)
    },
  }
}
