import type { Result } from '../core/results/result.js'
import { geometryDigest, otherGeometry } from '../core/run-file/geometry-digest.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { AlarmBook } from './alarm-book.js'
import type { Check } from './check.js'
import { CellCheck } from './checks/cells.js'
import { deadCells } from './checks/dead-cells.js'
import { DriftEdgesCheck } from './checks/drift-edges.js'
import { hotCells } from './checks/hot-cells.js'
import { LagCheck } from './checks/lag.js'
import { MalformedCheck } from './checks/malformed.js'
import { RateCheck } from './checks/rate.js'
import { ReferenceCheck } from './checks/reference.js'
import { ScintillatorCheck } from './checks/scintillator.js'
import type { HealthView } from './health-view.js'
import { tailOf } from './statistics/tails.js'

/** Checks are made once a second of data time, and when they are asked for. */
const EVALUATE_MS = 1000

/**
 * Takes results in and says what is wrong with the detector or its data, by the limits in `run.health`. Its clock is the
 * data's: the end of the results' intervals; for the lag alone it is the caller's. Its memory depends on the run alone.
 */
export class HealthMonitor {
  private readonly book = new AlarmBook()
  private readonly checks: readonly Check[]
  private readonly drift: DriftEdgesCheck | undefined
  private readonly reference: ReferenceCheck | undefined
  private readonly lag: LagCheck | undefined
  private newestMs = Number.NEGATIVE_INFINITY
  private evaluatedMs = Number.NEGATIVE_INFINITY
  private hasNews = false

  /**
   * @param options.reference what the histograms are compared with
   * @throws ExpectedError for a reference of another geometry
   */
  constructor(
    private readonly run: RunFile,
    { reference }: { reference?: Result | undefined } = {},
  ) {
    const { lag, drift_edges, reference: likeness, significance } = run.health
    if (reference && reference.geometry !== geometryDigest(run)) throw otherGeometry(reference.geometry, run)
    this.lag = lag === 'off' ? undefined : new LagCheck(lag)
    this.drift = drift_edges === 'off' ? undefined : new DriftEdgesCheck(run, drift_edges, significance)
    this.reference = reference && likeness !== 'off' ? new ReferenceCheck(run, likeness, reference) : undefined
    this.checks = [...countingChecks(run), this.drift, this.reference].filter((check) => check !== undefined)
  }

  /**
   * Results may come from any number of lanes, and somewhat out of order; each of them once.
   * @param endMs end of the result's interval, ms since 1970
   */
  add(result: Result, endMs: number): void {
    for (const check of this.checks) check.add(result, endMs)
    this.newestMs = Math.max(this.newestMs, endMs)
    this.hasNews = true
    if (this.newestMs >= this.evaluatedMs + EVALUATE_MS) this.evaluate()
  }

  /**
   * @param messages still to be read; undefined where nobody knows
   * @param nowMs the wall clock
   */
  setLag(messages: number | undefined, nowMs: number): void {
    this.lag?.set(messages, this.book, nowMs)
  }

  /** Cheap when nothing was added since the last one. */
  view(): HealthView {
    if (this.hasNews) this.evaluate()
    return {
      alarms: this.book.list(),
      edges: this.drift?.edges ?? this.run.chambers.map(() => undefined),
      comparisons: this.reference?.comparisons ?? [],
    }
  }

  private evaluate(): void {
    for (const check of this.checks) check.evaluate(this.book, this.newestMs)
    this.evaluatedMs = this.newestMs
    this.hasNews = false
  }
}

/** Those of the checks of counts that are not switched off. */
function countingChecks(run: RunFile): Check[] {
  const { significance, dead_cells, hot_cells, rate, scintillator, malformed } = run.health
  const probability = tailOf(significance)
  return [
    dead_cells !== 'off' && new CellCheck(run, deadCells(dead_cells.below, probability)),
    hot_cells !== 'off' && new CellCheck(run, hotCells(hot_cells.above, probability)),
    rate !== 'off' && new RateCheck(run.chambers.length, rate, probability),
    scintillator !== 'off' && new ScintillatorCheck(scintillator.least_per_hit, probability),
    malformed !== 'off' && new MalformedCheck(malformed.most_share, probability),
  ].filter((check) => check !== false)
}
