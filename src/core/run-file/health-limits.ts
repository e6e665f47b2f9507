/**
 * When a run counts as unwell: the limits of the checks in `src/health`, as `docs/health.md` explains them. They change no
 * result, so they are no part of the geometry.
 */
export interface HealthLimits {
  /**
   * How sure a check must be that its limit is crossed, in standard deviations of a normal distribution: a test that
   * is made when nothing is wrong gives an alarm with the probability of its one tail (1e-9 for 6)
   */
  readonly significance: number
  /** cells known to be dead or hot: no alarm of theirs is raised */
  readonly ignore_cells: readonly { readonly chamber: number; readonly cell: number }[]
  /** hits of a cell as a share of what the cells around it have: below this it is dead */
  readonly dead_cells: Limits<{ below: number }>
  /** the same: above this it is hot */
  readonly hot_cells: Limits<{ above: number }>
  /** hits a second in a chamber */
  readonly rate: Limits<{ least_hz: number; most_hz: number }>
  /** how far the drift-time box may begin from 0, and the drift velocity be from that of the run file */
  readonly drift_edges: Limits<{ t0_ns: number; velocity_um_per_ns: number }>
  /** scintillator signals for each hit: fewer than this is silence */
  readonly scintillator: Limits<{ least_per_hit: number }>
  /** messages still to be read that are more than this, and have grown more, for so many seconds */
  readonly lag: Limits<{ messages: number; seconds: number }>
  /** the part of all rows that cannot be read */
  readonly malformed: Limits<{ most_share: number }>
  /** how far (relative, root mean square) a histogram may be from the reference's, and how improbable that must be */
  readonly reference: Limits<{ difference: number; p_value: number }>
}

/** A check's limits; `off` for a check that is not made. */
export type Limits<T> = Readonly<T> | 'off'

export const DEFAULT_HEALTH: HealthLimits = {
  significance: 6,
  ignore_cells: [],
  dead_cells: { below: 0.1 },
  hot_cells: { above: 5 },
  rate: { least_hz: 1, most_hz: 10_000_000 },
  drift_edges: { t0_ns: 3, velocity_um_per_ns: 0.5 },
  scintillator: { least_per_hit: 0.001 },
  lag: { messages: 1000, seconds: 60 },
  malformed: { most_share: 0.01 },
  reference: { difference: 0.1, p_value: 1e-9 },
}
