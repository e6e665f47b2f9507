import type { Comparison, HealthView } from '../../health/health-view.js'
import { tableLines } from './columns.js'
import { type Line, span } from './text.js'

type Histogram = Comparison['histogram']

/** The histograms in the order of the rows, and their names where there is little room. */
const HISTOGRAMS: Record<Histogram, string> = {
  occupancy: 'occupancy',
  'scintillator occupancy': 'scintillator',
  'drift time': 'drift time',
  multiplicity: 'multiplicity',
}

/** What the long form tells of. */
export const COMPARISON_TITLE = 'reference: χ²/ndf, Kolmogorov, and p of each'

/** Rows of the short form: heads, and one for each histogram. */
export const COMPARISON_ROWS = 1 + Object.keys(HISTOGRAMS).length
/** Of the long form, with two rows for each. */
export const LONG_COMPARISON_ROWS = 1 + 2 * Object.keys(HISTOGRAMS).length

interface Row {
  readonly name: string
  cell(comparison: Comparison): string
}

/**
 * How near each histogram is to that of the reference, a column for each chamber. In the long form chi2/ndf and the Kolmogorov
 * distance with their probabilities below each other; where there are not the rows for it, the two probabilities.
 */
export function comparisonLines(
  { comparisons }: HealthView,
  { chambers, width, rows }: { chambers: number; width: number; rows: number },
): Line[] {
  if (comparisons.length === 0) return [[span('no reference to compare with', 'faint')]]
  const short = rows < LONG_COMPARISON_ROWS
  const table = short ? shortRows() : longRows()
  const find = (histogram: Histogram, chamber: number) =>
    comparisons.find((one) => one.histogram === histogram && one.chamber === chamber)
  const columns = Array.from({ length: chambers }, (_, chamber) => ({
    head: `chamber ${chamber}`,
    cells: table.map(({ histogram, cell }) => {
      const comparison = find(histogram, chamber)
      return comparison === undefined ? span('-', 'faint') : span(cell(comparison))
    }),
    align: 'right' as const,
  }))
  return tableLines(
    [{ head: short ? 'p: χ² and K' : '', cells: table.map(({ name }) => span(name)), align: 'left' }, ...columns],
    width,
  )
}

function longRows(): (Row & { histogram: Histogram })[] {
  return histograms().flatMap(([histogram, name]) => [
    { histogram, name, cell: ({ chi2, ndf, pChi2 }) => `${(chi2 / ndf).toFixed(2)} ${probability(pChi2)}` },
    {
      histogram,
      name: '  Kolmogorov',
      cell: ({ kolmogorov, pKolmogorov }) => `${kolmogorov.toFixed(3)} ${probability(pKolmogorov)}`,
    },
  ])
}

function shortRows(): (Row & { histogram: Histogram })[] {
  return histograms().map(([histogram, name]) => ({
    histogram,
    name,
    cell: ({ pChi2, pKolmogorov }) => `${probability(pChi2)} ${probability(pKolmogorov)}`,
  }))
}

function histograms(): [Histogram, string][] {
  return Object.entries(HISTOGRAMS) as [Histogram, string][]
}

/** `0.42`, `1e-9`, and what is less is `0`: four characters at most. */
function probability(p: number): string {
  if (p < 1e-9) return '0'
  return p < 0.005 ? p.toExponential(0) : p.toFixed(2)
}
