import { createLiveLine, createSilentLine, type LiveLine, type LiveStream } from './live-line.js'
import { formatCount, formatRate, formatTime } from './numbers.js'
import type { ProgressFace, ProgressState } from './progress-face.js'
import { RateMeter } from './rate-meter.js'

export interface ProgressOptions {
  /** stands before the bar */
  label: string
  total?: number
  wanted?: number
  /** rows that were done before, as after `--resume` */
  from?: number
  /** false under `--json` and `--no-progress`: then notes alone are written */
  shown: boolean
  /** the text beside the bar; `formatProgress` where not given */
  format?: (state: ProgressState) => string
  stream?: LiveStream
  /** ms of a clock that does not go back */
  now?: () => number
}

export interface Progress {
  /** @param rows the total so far; cheap, may be called for every batch */
  update(rows: number): void
  /** A line that stays, above the bar. */
  note(text: string): void
  /** Shows the last state and leaves it standing. Safe to call twice. */
  stop(): void
}

const PLAIN_REFRESH_MS = 1000

/**
 * Progress on standard error: a bar by cli-progress on a terminal (a wandering one where the total is not known),
 * else a plain line at most every 5 s and a last one.
 */
export async function createProgress(options: ProgressOptions): Promise<Progress> {
  const now = options.now ?? (() => performance.now())
  const meter = new RateMeter()
  let rows = options.from ?? 0
  let stopped = false
  meter.add(rows, now())
  const face = await createFace(options, now, () => {
    meter.add(rows, now())
    return stateOf(rows, meter.rate, options)
  })
  return {
    update(newRows) {
      rows = newRows
      face.update(newRows)
    },
    note: (text) => face.note(text),
    stop() {
      if (!stopped) face.stop()
      stopped = true
    },
  }
}

/** `12.3 k of 100 k rows, 998/s of 1000/s, 12 s left`: what is not known is left out. */
export function formatProgress({ rows, total, rate, wanted, leftMs }: ProgressState): string {
  const done = total === undefined ? formatCount(rows) : `${formatCount(rows)} of ${formatCount(total)}`
  const limited = wanted !== undefined && Number.isFinite(wanted)
  const speed = limited ? `${formatRate(rate)} of ${formatRate(wanted)}` : formatRate(rate)
  const left = leftMs === undefined ? '' : `, ${formatTime(leftMs)} left`
  return `${done} rows, ${speed}${left}`
}

function stateOf(rows: number, rate: number, { total, wanted }: ProgressOptions): ProgressState {
  const speed = rate > 0 ? rate : (wanted ?? 0)
  const known = total !== undefined && rows < total && speed > 0 && Number.isFinite(speed)
  return { rows, total, rate, wanted, leftMs: known ? ((total - rows) / speed) * 1000 : undefined }
}

async function createFace(
  options: ProgressOptions,
  now: () => number,
  state: () => ProgressState,
): Promise<ProgressFace> {
  const stream = options.stream ?? process.stderr
  const format = options.format ?? formatProgress
  if (!options.shown) return createSilentLine(stream)
  if (!stream.isTTY) return plainFace(createLiveLine(stream, now), () => plainText(options.label, state(), format))
  const { createBar } = await import('./progress-bar.js')
  return createBar({ stream, label: options.label, total: options.total, now, state, format })
}

function plainFace(line: LiveLine, text: () => string): ProgressFace {
  const refresh = () => line.update(text())
  const timer = setInterval(refresh, PLAIN_REFRESH_MS)
  timer.unref()
  return {
    update() {},
    note: (note) => line.note(note),
    stop() {
      clearInterval(timer)
      refresh()
      line.stop()
    },
  }
}

function plainText(label: string, state: ProgressState, format: (state: ProgressState) => string): string {
  const done = state.total ? `${Math.floor(Math.min(1, state.rows / state.total) * 100)} %, ` : ''
  return `${label}: ${done}${format(state)}`
}
