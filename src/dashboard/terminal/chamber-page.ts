import { channelsPanel, multiplicityPanel } from './channel-panels.js'
import { chamberFigures } from './figures.js'
import { chamberLayout } from './layout.js'
import { chamberSeries } from './series.js'
import { layCurves, layDrift, layMap } from './shared-panels.js'
import { panel, type Show, type Stage, together } from './stage.js'

/** Lays out one chamber. */
export function layChamber(stage: Stage): Show {
  const { screen, run, choice } = stage
  const { chamber, log, scintillator } = choice
  const { figures, multiplicity, channels, cell, ...layout } = chamberLayout(screen.width, screen.height)
  return together([
    layDrift(stage, layout.drift, chamber),
    panel(stage, figures, ({ chambers, health }) =>
      chamberFigures(figures, { chamber, view: chambers[chamber], edges: health.edges[chamber], run }),
    ),
    panel(stage, multiplicity, ({ chambers }) =>
      multiplicityPanel(multiplicity, { chamber, multiplicity: chambers[chamber].multiplicity, log }),
    ),
    ...(channels === undefined
      ? []
      : [
          panel(stage, channels, ({ chambers }) => {
            const cells = scintillator ? chambers[chamber].scintillatorCells : chambers[chamber].cells
            return channelsPanel(channels, { chamber, cells, run, scintillator, log })
          }),
        ]),
    layMap(stage, layout.occupancy, { cell, shown: [chamber] }),
    layCurves(stage, layout.rates, {
      title: `hits per second ${chamber}`,
      seriesOf: (view) => chamberSeries(view, [chamber]),
    }),
  ])
}
