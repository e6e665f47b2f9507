import { addSparse } from '../../core/results/add-sparse.js'
import type { Result } from '../../core/results/result.js'
import type { HealthLimits } from '../../core/run-file/health-limits.js'
import { driftBinCount, type RunFile } from '../../core/run-file/run-file.js'
import type { Finding } from '../alarm.js'
import type { AlarmBook } from '../alarm-book.js'
import type { Check } from '../check.js'
import { fitEdges } from '../edges/fit-edges.js'
import type { EdgeFit } from '../health-view.js'
import { sum } from '../statistics/chi2-test.js'

/** Drift times that a fit needs, and that end a window: errors of 0.4 ns and 0.25 ns. */
const LEAST = 4000
const FULL = 10_000
/** A fit is made again when there are so many times the entries of the one before. */
const GROWTH = 1.1
/** An alarm ends when what was found is within this part of what is allowed. */
const BACK = 0.8

type EdgeLimits = Exclude<HealthLimits['drift_edges'], 'off'>

interface Window {
  readonly counts: Float64Array
  /** entries when the last fit was made */
  fitted: number
  fit: EdgeFit | undefined
}

/** Something measured that should have a certain value. */
interface Measured {
  readonly value: number
  readonly error: number
  readonly expected: number
  /** how far from `expected` is allowed */
  readonly allowed: number
  readonly unit: string
  /** a sentence */
  readonly text: string
}

/** Are the edges of the drift-time box where the run file says: the first at 0, the last where the drift velocity puts it? */
export class DriftEdgesCheck implements Check {
  private readonly windows: readonly Window[]

  /** @param significance standard deviations that a deviation must be at least */
  constructor(
    private readonly run: RunFile,
    private readonly limits: EdgeLimits,
    private readonly significance: number,
  ) {
    const bins = driftBinCount(run.drift_time)
    this.windows = run.chambers.map(() => ({ counts: new Float64Array(bins), fitted: 0, fit: undefined }))
  }

  /** The newest fit of each chamber. */
  get edges(): (EdgeFit | undefined)[] {
    return this.windows.map(({ fit }) => fit)
  }

  add({ drift_time_chamber }: Result): void {
    const { low_ns, width_ns } = this.run.drift_time
    for (const [chamber, { counts }] of this.windows.entries())
      addSparse(counts, drift_time_chamber[chamber], (edge) => Math.round((edge - low_ns) / width_ns))
  }

  evaluate(book: AlarmBook, atMs: number): void {
    for (const [chamber, window] of this.windows.entries()) {
      const entries = sum(window.counts)
      if (entries < LEAST || entries < GROWTH * window.fitted) continue
      window.fit = this.fit(window.counts)
      window.fitted = entries
      if (window.fit) this.test(chamber, window.fit, book, atMs)
      if (entries < FULL) continue
      window.counts.fill(0)
      window.fitted = 0
    }
  }

  private fit(counts: Float64Array): EdgeFit | undefined {
    const { low_ns, width_ns } = this.run.drift_time
    return fitEdges({ low: low_ns, width: width_ns, bins: counts.length }, counts, this.run.cell)
  }

  private test(chamber: number, fit: EdgeFit, book: AlarmBook, atMs: number): void {
    const id = `drift-edges/${chamber}`
    const [worst] = [this.t0(chamber, fit), this.velocity(chamber, fit)].sort((a, b) => excess(b) - excess(a))
    const { value, error, expected } = worst
    if (excess(worst) > 1 && Math.abs(value - expected) > this.significance * error)
      book.raise(findingOf(id, chamber, worst), atMs)
    else if (excess(worst) < BACK) book.clear(id)
  }

  private t0(chamber: number, { t0Ns, t0ErrorNs }: EdgeFit): Measured {
    const allowed = this.limits.t0_ns
    const text = `drift times of chamber ${chamber} begin at ${measured(t0Ns, t0ErrorNs)} ns, and 0 ± ${allowed} ns are allowed`
    return { value: t0Ns, error: t0ErrorNs, expected: 0, allowed, unit: 'ns', text }
  }

  private velocity(chamber: number, { velocity, velocityError }: EdgeFit): Measured {
    const allowed = this.limits.velocity_um_per_ns
    const expected = this.run.cell.drift_velocity_um_per_ns
    const found = `the drift velocity in chamber ${chamber} is ${measured(velocity, velocityError)} um/ns`
    const text = `${found}, and ${expected} ± ${allowed} um/ns are allowed`
    return { value: velocity, error: velocityError, expected, allowed, unit: 'um/ns', text }
  }
}

function excess({ value, expected, allowed }: Measured): number {
  return Math.abs(value - expected) / allowed
}

function findingOf(id: string, chamber: number, { value, expected, allowed, unit, text }: Measured): Finding {
  const limit = expected + Math.sign(value - expected) * allowed
  return { id, kind: 'drift-edges', chamber, cell: undefined, text, value, limit, unit }
}

/** `50.12 ± 0.05`: as many decimals as the error's second digit asks for. */
function measured(value: number, error: number): string {
  const decimals = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(error))))
  return `${value.toFixed(decimals)} ± ${error.toFixed(decimals)}`
}
