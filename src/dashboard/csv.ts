import { ROW_COUNTS } from '../core/results/row-counts.js'
import type { RunFile } from '../core/run-file/run-file.js'
import type { ChamberView, DashboardView } from './view.js'

type Field = string | number

/**
 * The histograms of a view as CSV (RFC 4180, but for the ends of lines), one line a bin: from `low`, included, to `high`,
 * excluded. Occupancy is by cell, multiplicity by the number of active channels; drift times are in ns, and their first
 * and last bin, open to one side, are underflow and overflow.
 */
export function histogramsCsv({ chambers }: Pick<DashboardView, 'chambers'>, run: RunFile): string {
  const bins = chambers.flatMap((chamber, number) =>
    histogramBins(chamber, run).map(([histogram, ...bin]): Field[] => [histogram, number, ...bin]),
  )
  return csv(['histogram', 'chamber', 'low', 'high', 'count'], bins)
}

/**
 * The rates of a view as CSV, one line a step of time, named by its beginning: rows per second of each class, `read` being
 * all of them, and hits per second of each chamber. Steps of which nothing is known are left out.
 */
export function ratesCsv({ atMs, stepMs, rates, chambers }: DashboardView): string {
  const curves = [...ROW_COUNTS.map((name) => rates[name]), ...chambers.map((chamber) => chamber.rates)]
  const names = ['time', ...ROW_COUNTS, ...chambers.map((_, number) => `chamber_${number}`)]
  const steps = rates.read.length
  const firstMs = (Math.floor(atMs / stepMs) - steps) * stepMs
  const lines = Array.from({ length: steps }, (_, i): Field[] => [
    new Date(firstMs + i * stepMs).toISOString(),
    ...curves.map((curve) => curve[i] ?? ''),
  ])
  return csv(
    names,
    lines.filter(([, ...known]) => known.some((rate) => rate !== '')),
  )
}

type Bin = [histogram: string, low: number, high: number, count: number]

function histogramBins({ cells, scintillatorCells, multiplicity, drift }: ChamberView, run: RunFile): Bin[] {
  const { low_ns, high_ns, width_ns } = run.drift_time
  return [
    ...cells.map((count, cell): Bin => ['occupancy', cell, cell + 1, count]),
    ...scintillatorCells.map((count, cell): Bin => ['scintillator occupancy', cell, cell + 1, count]),
    ...multiplicity.map((count, i): Bin => ['multiplicity', i + 1, i + 2, count]),
    ['drift time', -Infinity, low_ns, drift.underflow],
    ...drift.counts.map(
      (count, bin): Bin => ['drift time', low_ns + bin * width_ns, low_ns + (bin + 1) * width_ns, count],
    ),
    ['drift time', high_ns, Infinity, drift.overflow],
  ]
}

/** No field of ours has a comma, a quote or an end of line in it. Numbers without an end are `inf`, as most readers have it. */
function csv(names: string[], lines: Field[][]): string {
  const text = (field: Field) => String(field).replace('Infinity', 'inf')
  return [names, ...lines].map((fields) => `${fields.map(text).join(',')}\n`).join('')
}
