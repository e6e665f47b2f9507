import cliProgress from 'cli-progress'
import type { LiveStream } from './live-line.js'
import type { ProgressFace, ProgressState } from './progress-face.js'

export interface BarOptions {
  stream: LiveStream
  label: string
  /** of rows or of bytes */
  total: number | undefined
  /** at the start, of the same */
  done: number
  now: () => number
  state: () => ProgressState
  format: (state: ProgressState) => string
}

const BAR_COLUMNS = { least: 8, most: 30 }
/** Of the wandering block, and how long it takes from end to end. */
const WANDER_COLUMNS = 3
const WANDER_MS = 3000

/** A bar drawn by cli-progress ten times a second, with our own text beside it. */
export function createBar({ stream, label, total, done, now, state, format }: BarOptions): ProgressFace {
  const bar = new cliProgress.SingleBar({
    stream,
    hideCursor: true,
    // notes are written between two drawings, which then must not be left out as unchanged
    forceRedraw: true,
    gracefulExit: false,
    barsize: BAR_COLUMNS.most,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    format: (options, { progress, maxWidth }) => {
      const current = state()
      const percent = total === undefined ? '' : `${String(Math.floor(progress * 100)).padStart(3)} % `
      const text = ` ${percent}${format(current)}`
      const columns = barColumns(maxWidth - label.length - text.length - 2)
      const drawn =
        total === undefined
          ? wandering(columns, now())
          : cliProgress.Format.BarFormat(progress, { ...options, barsize: columns })
      return `${label} ${drawn}${text}`
    },
  })
  const stop = () => {
    bar.stop()
    process.off('exit', stop)
  }
  // a terminal left without cursor and line wrapping is worse than a line too many
  process.on('exit', stop)
  bar.start(total ?? 0, done)
  return {
    update: (value) => bar.update(value),
    // ESC 7 moves the place that cli-progress returns to at its end
    note: (text) => stream.write(`\r\x1b[K${text}\n\x1b7`),
    stop,
  }
}

function barColumns(room: number): number {
  return Math.max(BAR_COLUMNS.least, Math.min(BAR_COLUMNS.most, room))
}

/** A block that goes to and fro: there is no telling how much is left. */
function wandering(columns: number, nowMs: number): string {
  const phase = (nowMs % WANDER_MS) / WANDER_MS
  const room = columns - WANDER_COLUMNS
  const at = Math.round(room * (1 - Math.abs(2 * phase - 1)))
  return `${'░'.repeat(at)}${'█'.repeat(WANDER_COLUMNS)}${'░'.repeat(room - at)}`
}
