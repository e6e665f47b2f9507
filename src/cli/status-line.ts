import { createLiveLine, createSilentLine, type LiveStream } from './live-line.js'

export interface StatusLineOptions {
  /** called a few times a second; what it returns is shown */
  format: () => string
  /** false under `--json` and `--no-progress`: then notes alone are written */
  shown: boolean
  stream?: LiveStream
  /** ms of a clock that does not go back */
  now?: () => number
}

export interface StatusLine {
  /** Shows the state as it is now, without waiting for the next turn. */
  refresh(): void
  /** A line that stays, above the status. */
  note(text: string): void
  /** Shows the last state and leaves it standing. Safe to call twice. */
  stop(): void
}

const REFRESH_MS = 250

/** A status on standard error: rewritten in place on a terminal, else a plain line at most every 5 s and a last one. */
export function createStatusLine(options: StatusLineOptions): StatusLine {
  const stream = options.stream ?? process.stderr
  const now = options.now ?? (() => performance.now())
  const line = options.shown ? createLiveLine(stream, now) : createSilentLine(stream)
  const refresh = () => line.update(options.format())
  const timer = options.shown ? setInterval(refresh, REFRESH_MS) : undefined
  timer?.unref()
  let stopped = false
  return {
    refresh,
    note: (text) => line.note(text),
    stop() {
      if (stopped) return
      stopped = true
      clearInterval(timer)
      refresh()
      line.stop()
    },
  }
}
