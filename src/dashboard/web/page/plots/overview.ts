import type { RunFile } from '../../../../core/run-file/run-file.js'
import { cellMap } from './cell-map.js'
import { drift } from './drift.js'
import { multiplicity } from './multiplicity.js'
import { occupancy } from './occupancy.js'
import type { PlotSpec } from './plot.js'
import { hitRates, rowRates } from './rates.js'

/** Plots under one heading. */
export interface Section {
  readonly title: string
  /** how they are laid out: two beside each other, one for each chamber, or a chamber large */
  readonly layout: 'pair' | 'chambers' | 'wide'
  readonly plots: readonly PlotSpec[]
}

/** All chambers: each quantity a row. */
export function overview(run: RunFile): Section[] {
  const each = (of: (run: RunFile, chamber: number) => PlotSpec): Section => {
    const plots = run.chambers.map((_, chamber) => of(run, chamber))
    return { title: plots[0].title, layout: 'chambers', plots }
  }
  return [
    { title: 'Rates', layout: 'pair', plots: [hitRates(run), rowRates()] },
    each(occupancy),
    each((...at) => cellMap(...at, 'cells')),
    each((...at) => cellMap(...at, 'scintillatorCells')),
    each(drift),
    each((_, chamber) => multiplicity(chamber)),
  ]
}

/** One chamber, large. */
export function oneChamber(run: RunFile, chamber: number): Section[] {
  const maps = (['cells', 'scintillatorCells'] as const).map((counts) => cellMap(run, chamber, counts))
  return [
    { title: 'Histograms', layout: 'wide', plots: [drift(run, chamber), occupancy(run, chamber)] },
    { title: 'Maps', layout: 'pair', plots: maps },
    { title: 'Orbits and rates', layout: 'pair', plots: [multiplicity(chamber), hitRates(run)] },
  ]
}
