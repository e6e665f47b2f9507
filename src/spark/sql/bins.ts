import { ORBIT_CYCLE } from '../../core/orbits/orbit-cycle.js'
import { CELLS, driftBinCount, NS_PER_BX, type RunFile, TDC_PER_BX } from '../../core/run-file/run-file.js'
import { doubleLiteral } from './literals.js'

/** What a bin counts. */
export const BIN = {
  /** orbits; one bin a window */
  orbit: 0,
  /** results 3 and 5: hits by cell, n of all orbits and s of those with a scintillator signal */
  cell: 1,
  /** result 4: distinct cells by orbit as on the wire */
  active: 2,
  /** result 4 in its bounded form: orbits by the number of distinct cells */
  multiplicity: 3,
  /** result 6: -1 is the underflow, the number of bins the overflow */
  drift: 4,
} as const

/**
 * What each orbit counts: a row a bin with kind, chamber, bin, n and s. The orbit's own row has u, since and until as well.
 * @param orbits a view as `activeCells` gives
 */
export function binsOfOrbits(orbits: string, run: RunFile, orbitDetail: boolean): string {
  const chamber = `hit.cell DIV ${CELLS}`
  const active = 'filter(active, one -> one.n > 0)'
  const bins = [
    `array(${bin(BIN.orbit, '0', '0', '1')})`,
    `transform(hits, hit -> ${bin(BIN.cell, chamber, `hit.cell % ${CELLS}`, '1', 'IF(t0 IS NULL, 0, 1)')})`,
    `IF(t0 IS NULL, array(), transform(hits, hit -> ${bin(BIN.drift, chamber, driftBin(run), '1')}))`,
    `transform(${active}, one -> ${bin(BIN.multiplicity, 'one.chamber', 'one.n', '1')})`,
    ...(orbitDetail
      ? [`transform(${active}, one -> ${bin(BIN.active, 'one.chamber', `u % ${ORBIT_CYCLE}`, 'one.n')})`]
      : []),
  ]
  const own = (column: string) => `IF(bin.kind = ${BIN.orbit}, ${column}, NULL) ${column}`
  return `
SELECT time, bin.*, ${['u', 'since', 'until'].map(own).join(', ')}
FROM (SELECT time, u, since, until, explode(concat(
  ${bins.join(',\n  ')})) bin
FROM (${orbits}))`
}

function bin(kind: number, chamber: string, value: string, n: string, s = '0'): string {
  return `struct(${kind} kind, CAST(${chamber} AS INT) chamber, CAST(${value} AS BIGINT) bin, CAST(${n} AS BIGINT) n, CAST(${s} AS BIGINT) s)`
}

/** As `Tally.addHitWithScintillator` has it, in the same order of operations on doubles. */
function driftBin(run: RunFile): string {
  const { low_ns, width_ns } = run.drift_time
  const offsets = `array(${run.chambers.map(({ offset_ns }) => doubleLiteral(offset_ns)).join(', ')})`
  const drift = `${NS_PER_BX} * (hit.t - t0) / ${TDC_PER_BX} + ${offsets}[hit.cell DIV ${CELLS}]`
  const index = `floor((${drift} - (${doubleLiteral(low_ns)})) / ${doubleLiteral(width_ns)})`
  return `greatest(-1, least(${driftBinCount(run.drift_time)}, ${index}))`
}

/** Bins added up, those of each window of orbit time by themselves where there are windows. */
export function countsOfBins(bins: string, window: string | undefined): string {
  return `
SELECT ${window ? `${window} window, ` : ''}kind, chamber, bin, sum(n) n, sum(s) s,
  min(u) first, max(u) last, min(since) since, max(until) until
FROM ${bins}
GROUP BY ${window ? `${window}, ` : ''}kind, chamber, bin`
}
