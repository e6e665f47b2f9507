import { addSparse } from '../results/add-sparse.js'
import type { Result, SparseCounts } from '../results/result.js'
import { ROW_CLASSES } from '../results/row-counts.js'
import { cellAt } from '../run-file/cells.js'
import { geometryDigest, otherGeometry } from '../run-file/geometry-digest.js'
import { CELLS, driftBinCount, LAYERS, type RunFile, WIRES } from '../run-file/run-file.js'
import type { Axis, Histogram, Origin } from './histogram.js'

const CLASS: Axis = {
  name: 'class',
  label: 'class',
  bins: ROW_CLASSES.length,
  low: 0,
  high: ROW_CLASSES.length,
  categories: ROW_CLASSES,
}
const CELL = wholeNumbers('cell', 'cell', 0, CELLS)
const WIRE = wholeNumbers('wire', 'wire', 0, WIRES)
const LAYER = wholeNumbers('layer', 'layer', 1, LAYERS)
const ACTIVE = wholeNumbers('channels', 'active channels', 1, CELLS)

/**
 * A result as histograms with a bin for every cell and drift time of the run, counted or not: rows by class; for each chamber
 * its occupancy by cell and as a map of wires and layers (1 is at the bottom), both of all orbits and of those with a
 * scintillator signal; drift time; active channels in an orbit.
 * @throws ExpectedError where the result was made with another run file
 */
export function histogramsOf(result: Result, run: RunFile): Histogram[] {
  if (result.geometry !== geometryDigest(run)) throw otherGeometry(result.geometry, run)
  const chambers = run.chambers.flatMap((_, chamber) => [
    ...occupancies(result, run, chamber),
    driftTime(result, run, chamber),
    multiplicity(result, chamber),
  ])
  return [rowsByClass(result), ...chambers]
}

/** What the histograms of a result are of. */
export function originOf({ geometry, interval }: Result, run: RunFile): Origin {
  return { run: run.name, geometry, start: interval.start, end: interval.end }
}

function rowsByClass({ rows }: Result): Histogram {
  const counts = ROW_CLASSES.map((name) => rows[name])
  return { name: 'rows', title: 'Rows by class', x: CLASS, counted: 'rows', counts }
}

function occupancies(result: Result, run: RunFile, chamber: number): Histogram[] {
  const { first_channel } = run.chambers[chamber]
  const both = [
    ['', '', result.tdc_counts_chamber],
    ['_scintillator', ', orbits with a scintillator signal', result.tdc_counts_scintillator_chamber],
  ] as const
  return both.flatMap(([ending, which, counts]) => {
    const cells = dense(CELLS, counts[chamber], (channel) => channel - first_channel)
    const of = { counted: 'hits', title: `Occupancy of chamber ${chamber}${which}` }
    return [
      { ...of, name: `occupancy${ending}_chamber_${chamber}`, x: CELL, counts: cells },
      { ...of, name: `map${ending}_chamber_${chamber}`, x: WIRE, y: LAYER, counts: mapOf(cells, run) },
    ]
  })
}

/** Cell c is wire floor(c / 4) of the layer that has c mod 4. */
function mapOf(cells: readonly number[], { layers }: RunFile): number[] {
  return layers.flatMap((_, layer) => Array.from({ length: WIRES }, (_, wire) => cells[cellAt(layers, layer, wire)]))
}

function driftTime(result: Result, { drift_time }: RunFile, chamber: number): Histogram {
  const { low_ns: low, high_ns: high, width_ns: width } = drift_time
  const bins = driftBinCount(drift_time)
  const { underflow, overflow, ...counts } = result.drift_time_chamber[chamber]
  return {
    name: `drift_time_chamber_${chamber}`,
    title: `Drift time in chamber ${chamber}`,
    x: { name: 'drift_time', label: 'drift time (ns)', bins, low, high },
    counted: 'hits',
    counts: dense(bins, counts, (edge) => Math.round((edge - low) / width)),
    beyond: { underflow, overflow },
  }
}

function multiplicity(result: Result, chamber: number): Histogram {
  return {
    name: `multiplicity_chamber_${chamber}`,
    title: `Active channels in an orbit, chamber ${chamber}`,
    x: ACTIVE,
    counted: 'orbits',
    counts: result.active_multiplicity_chamber[chamber],
  }
}

function dense(length: number, counts: SparseCounts, place: (edge: number) => number): number[] {
  const out = new Float64Array(length)
  addSparse(out, counts, place)
  return Array.from(out)
}

function wholeNumbers(name: string, label: string, first: number, bins: number): Axis {
  return { name, label, bins, low: first - 0.5, high: first + bins - 0.5 }
}
