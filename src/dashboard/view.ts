import type { RowCounts } from '../core/results/result.js'
import type { HealthView } from '../health/health-view.js'

/** Which results the counts of a view come from: all since the start or the last reset, or those of the last so many seconds. */
export type ViewWindow = 'cumulative' | number

/** Windows to choose from; the longest is as far back as a model remembers. */
export const VIEW_WINDOWS: readonly ViewWindow[] = ['cumulative', 10, 60, 300]
export const LONGEST_WINDOW_S = 300

/** `waiting`: no result yet · `live` · `stale`: the newest result is older than it should be. */
export type FlowState = 'waiting' | 'live' | 'stale'

/** Per second in each of the last whole steps of time, the oldest first, up to `atMs`; null where it is not known. */
export type Curve = readonly (number | null)[]

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
  /** how long each step of the curves is: a second in a live view, whose curves end with the last whole one */
  readonly stepMs: number
  /** rows of each class */
  readonly rates: Readonly<Record<keyof RowCounts, Curve>>
  readonly chambers: readonly ChamberView[]
  readonly health: HealthView
}

export interface ChamberView {
  readonly hits: number
  /** hits per second, at present */
  readonly rate: number | undefined
  /** hits */
  readonly rates: Curve
  /** hits by cell 0..63 */
  readonly cells: readonly number[]
  /** the same, of orbits with a scintillator signal only */
  readonly scintillatorCells: readonly number[]
  /** entry n - 1: orbits with n distinct active channels, n = 1..64 */
  readonly multiplicity: readonly number[]
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
