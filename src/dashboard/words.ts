import { formatCount, plural } from '../cli/numbers.js'
import type { Result } from '../core/results/result.js'
import { peakNs } from './peak.js'

/**
 * One result as a line of a log: `982 rows, 412 hits, 37 scintillator signals, drift-time peak 24 ns, lag 0 messages`.
 * Late hits and malformed records are mentioned where there are any.
 */
export function resultInWords(result: Result, lagMessages: number | undefined): string {
  const { read, hits, scintillator, late, malformed } = result.rows
  return [
    plural(read, 'row'),
    plural(hits, 'hit'),
    plural(scintillator, 'scintillator signal'),
    ...(late > 0 ? [`${formatCount(late)} late`] : []),
    ...(malformed > 0 ? [`${formatCount(malformed)} malformed`] : []),
    peakInWords(result),
    ...(lagMessages === undefined ? [] : [`lag ${plural(lagMessages, 'message')}`]),
  ].join(', ')
}

function peakInWords({ drift_time_chamber }: Result): string {
  const histograms = Object.values(drift_time_chamber)
  const { low, width, bins } = histograms[0] ?? { low: 0, width: 1, bins: 0 }
  const sum = new Float64Array(bins)
  for (const { bin_edges, hist_counts } of histograms)
    bin_edges.forEach((edge, i) => {
      sum[Math.round((edge - low) / width)] += hist_counts[i]
    })
  const peak = peakNs(sum, low, width)
  return peak === undefined ? 'no drift times yet' : `drift-time peak ${Math.round(peak)} ns`
}
