import type { RowCounts } from '../core/results/result.js'

/** Which results the counts of a view come from: all since the start or the last reset, or the last minute's. */
export type ViewWindow = 'cumulative' | 'minute'

/** `waiting`: no result yet · `live` · `stale`: the newest result is older than it should be. */
export type FlowState = 'waiting' | 'live' | 'stale'

/** What a screen shows at one moment, as plain values: it may be kept, or sent to a browser as JSON. */
export interface DashboardView {
  readonly atMs: number
  readonly window: ViewWindow
  readonly state: FlowState
  /** of the window; so are `results` and the counts of the chambers */
  readonly rows: RowCounts
  readonly results: number
  /** results passed over because their rows had been counted, since the last reset */
  readonly repeated: number
  /** holes in the chains of what results cover, since the start */
  readonly gaps: number
  readonly lagMessages: number | undefined
  /** since the end of the newest result's interval */
  readonly ageMs: number | undefined
  /** rows read per second, at present */
  readonly rowRate: number | undefined
  readonly chambers: readonly ChamberView[]
}

export interface ChamberView {
  readonly hits: number
  /** hits per second, at present */
  readonly rate: number | undefined
  /** hits per second in each of the last whole seconds, the oldest first; null where it is not known */
  readonly rates: readonly (number | null)[]
  /** hits by cell 0..63 */
  readonly cells: readonly number[]
  readonly drift: DriftView
}

export interface DriftView {
  /** by bin */
  readonly counts: readonly number[]
  readonly underflow: number
  readonly overflow: number
  /** in the bins */
  readonly entries: number
  /** centre of the highest bin, in ns */
  readonly peakNs: number | undefined
}
