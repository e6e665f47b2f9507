import type { Result } from '../results/result.js'
import type { RunFile } from '../run-file/run-file.js'
import type { Axis, Histogram, Origin } from './histogram.js'
import { histogramsOf, originOf } from './histograms-of.js'

/**
 * A result in the histogram serialisation of scikit-hep (uhi.readthedocs.io, schema 1): histograms by name, as
 * boost-histogram and hist read them. Names, labels, the run and the time are metadata.
 * @throws ExpectedError where the result was made with another run file
 */
export function uhiJson(result: Result, run: RunFile): string {
  const origin = originOf(result, run)
  const named = histogramsOf(result, run).map((histogram) => [histogram.name, toUhi(histogram, origin)])
  return `${JSON.stringify(Object.fromEntries(named))}\n`
}

function toUhi(histogram: Histogram, origin: Origin): unknown {
  const { name, title, x, y, counted, beyond } = histogram
  return {
    uhi_schema: 1,
    writer_info: { dtstream: { schema: 'dtstream.result/1' } },
    metadata: { name, label: title, counted, ...origin },
    axes: y ? [toAxis(x, false), toAxis(y, false)] : [toAxis(x, beyond !== undefined)],
    storage: { type: 'int', values: valuesOf(histogram) },
  }
}

function toAxis({ name, label, bins, low, high, categories }: Axis, flow: boolean): unknown {
  const metadata = { name, label }
  if (categories) return { type: 'category_str', categories, flow, metadata }
  return { type: 'regular', lower: low, upper: high, bins, underflow: flow, overflow: flow, circular: false, metadata }
}

/** The first axis is the outermost list. */
function valuesOf({ x, y, counts, beyond }: Histogram): unknown {
  if (y)
    return Array.from({ length: x.bins }, (_, i) => Array.from({ length: y.bins }, (_, j) => counts[j * x.bins + i]))
  return beyond ? [beyond.underflow, ...counts, beyond.overflow] : counts
}
