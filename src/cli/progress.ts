import { createLiveLine, createSilentLine, type LiveLine, type LiveStream } from './live-line.js'
import { formatBytes, formatCount, formatRate, formatTime } from './numbers.js'
import type { ProgressFace, ProgressState } from './progress-face.js'
import { RateMeter } from './rate-meter.js'

export interface ProgressOptions {
  /** stands before the bar */
  label: string
  /** rows there will be */
  total?: number
  /** where rows are not known beforehand: bytes there are to read, and how many of them were done before */
  bytes?: { total: number; from: number }
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
  /** @param rows the total so far; cheap, may be called for every batch @param bytes likewise, where the total of these is known */
  update(rows: number, bytes?: number): void
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
  const meters = { rows: new RateMeter(), bytes: new RateMeter() }
  let done: Amounts = { rows: options.from ?? 0, bytes: options.bytes?.from ?? 0 }
  let stopped = false
  const state = () => {
    for (const kind of KINDS) meters[kind].add(done[kind], now())
    return stateOf(done, { rows: meters.rows.rate, bytes: meters.bytes.rate }, options)
  }
  state()
  const face = await createFace(options, now, state)
  return {
    update(rows, bytes = 0) {
      done = { rows, bytes }
      face.update(options.bytes ? bytes : rows)
    },
    note: (text) => face.note(text),
    stop() {
      if (!stopped) face.stop()
      stopped = true
    },
  }
}

/** `12.3 k of 100 k rows, 998/s of 1000/s, 12 s left`, or `12.3 k rows, 998/s, 330 kB of 90.0 MB, 3 s left`: what is not known is left out. */
export function formatProgress({ rows, total, rate, wanted, bytes, leftMs }: ProgressState): string {
  const done = total === undefined ? formatCount(rows) : `${formatCount(rows)} of ${formatCount(total)}`
  const limited = wanted !== undefined && Number.isFinite(wanted)
  const speed = limited ? `${formatRate(rate)} of ${formatRate(wanted)}` : formatRate(rate)
  const left = leftMs === undefined ? '' : `, ${formatTime(leftMs)} left`
  const read = bytes === undefined ? '' : `, ${formatBytes(bytes.done)} of ${formatBytes(bytes.total)}`
  return `${done} rows, ${speed}${read}${left}`
}

interface Amounts {
  rows: number
  bytes: number
}
const KINDS = ['rows', 'bytes'] as const

function stateOf(
  { rows, bytes }: Amounts,
  rates: Amounts,
  { total, wanted, bytes: ofBytes }: ProgressOptions,
): ProgressState {
  const speed = rates.rows > 0 ? rates.rows : (wanted ?? 0)
  return {
    rows,
    total,
    rate: rates.rows,
    wanted,
    bytes: ofBytes && { done: bytes, total: ofBytes.total },
    leftMs: leftMs(rows, total, speed) ?? leftMs(bytes, ofBytes?.total, rates.bytes),
  }
}

function leftMs(done: number, total: number | undefined, perSecond: number): number | undefined {
  const isKnown = total !== undefined && done < total && perSecond > 0 && Number.isFinite(perSecond)
  return isKnown ? ((total - done) / perSecond) * 1000 : undefined
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
  return createBar({
    stream,
    label: options.label,
    total: options.bytes?.total ?? options.total,
    done: options.bytes?.from ?? options.from ?? 0,
    now,
    state,
    format,
  })
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
  const share = state.bytes ? state.bytes.done / state.bytes.total : state.total ? state.rows / state.total : undefined
  const done = share === undefined ? '' : `${Math.floor(Math.min(1, share) * 100)} %, `
  return `${label}: ${done}${format(state)}`
}
