/** ORBIT_CNT has 32 bits: it wraps after so many orbits, 4.43 days. */
export const ORBIT_CYCLE = 2 ** 32

/**
 * Where orbits are counted on through the wrap: those that come later than a run's first ones and lie below them by less
 * than this, 25 minutes, are older; any others below them have wrapped.
 */
export const WRAP_MARGIN_ORBITS = 2 ** 24
