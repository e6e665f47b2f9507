import type { RowBuffer } from '../core/rows/row-buffer.js'

/** Says how many rows are due. Times are in ms on any one clock that only goes forward. */
export interface Pacer {
  /** a new block of rows begins */
  begin(rows: RowBuffer): void
  /** of the rows from `from` on, how many are due at `nowMs` */
  due(from: number, nowMs: number): number
  /** when row `index` of the block is due; 0 where it is due whenever it comes */
  dueAtMs(index: number): number
  /** rows per second wanted, or undefined where the rows' own clock says */
  readonly wantedRate: number | undefined
}

/**
 * An absolute schedule: row k is due at start + k / rate, whatever happened to the rows before it, so that neither
 * the time a send takes nor a timer that fires late adds up.
 * @param rate rows per second; Infinity for as fast as can be
 */
export function ratePacer(rate: number, startMs: number): Pacer {
  let before = 0
  let length = 0
  return {
    wantedRate: rate,
    begin(rows) {
      before += length
      length = rows.length
    },
    due(from, nowMs) {
      if (rate === Number.POSITIVE_INFINITY) return length - from
      const total = Math.floor(((nowMs - startMs) * rate) / 1000)
      return Math.max(0, Math.min(length, total - before) - from)
    },
    dueAtMs: (index) => (rate === Number.POSITIVE_INFINITY ? 0 : startMs + ((before + index + 1) * 1000) / rate),
  }
}
