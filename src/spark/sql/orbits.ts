import { ORBIT_CYCLE } from '../../core/orbits/orbit-cycle.js'
import { CELLS } from '../../core/run-file/run-file.js'

/** Where a partition's time goes when its end mark comes: beyond all that two turns of the counter can hold, by more than any grace. */
const END_ORBIT = 2 ** 34
/** 1 orbit is 89.1 us. */
const TENTHS_OF_US_PER_ORBIT = 891

/** Microseconds from orbit 0 to an orbit. */
export function microsecondsOf(orbit: string): string {
  return `(${orbit} * ${TENTHS_OF_US_PER_ORBIT} DIV 10)`
}

/** The first orbit of which so many microseconds or more have passed. */
export function firstOrbitAt(microseconds: string): string {
  return `((${microseconds} * 10 + ${TENTHS_OF_US_PER_ORBIT - 1}) DIV ${TENTHS_OF_US_PER_ORBIT})`
}

/** An orbit counted on through the counter's wrap. @param firstOrbit lowest of the run, as on the wire: whatever is below has wrapped */
export function countedOn(orbit: string, firstOrbit: number): string {
  return `IF(${orbit} < ${firstOrbit}, ${orbit} + ${ORBIT_CYCLE}, ${orbit})`
}

/**
 * Hits and scintillator signals with `u`, the orbit counted on through the counter's wrap, and `time`, when it was on the
 * detector's clock. An end mark has the time beyond all orbits, which closes them.
 * @param firstOrbit see `countedOn`
 */
export function timedHits(rows: string, firstOrbit: number): string {
  return `
SELECT timestamp_micros(${microsecondsOf('u')}) time, u, cell, t, ts
FROM (
  SELECT IF(is_end, ${END_ORBIT}, ${countedOn('orbit', firstOrbit)}) u, cell, t, ts
  FROM (${rows})
  WHERE is_end OR class IN ('hits', 'scintillator'))`
}

/** One row an orbit: its hits, the earliest scintillator signal (NULL where there was none), and when its rows were appended. */
export const ORBITS_OF_HITS = `
SELECT time, u, collect_list(IF(cell IS NULL, NULL, struct(cell, t))) hits, min(IF(cell IS NULL, t, NULL)) t0,
  min(ts) since, max(ts) until
FROM hits
GROUP BY time, u`

/** The same with the distinct cells that were hit, chamber by chamber. */
export function activeCells(chambers: number): string {
  return `
SELECT *, transform(sequence(0, ${chambers - 1}), i -> struct(i chamber, size(filter(cells, cell -> cell DIV ${CELLS} = i)) n)) active
FROM (SELECT *, array_distinct(transform(hits, hit -> hit.cell)) cells FROM orbits)`
}
