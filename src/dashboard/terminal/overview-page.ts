import { figuresPanel, figuresStrip } from './figures.js'
import { MOST_SHOWN, overviewLayout } from './layout.js'
import { chamberSeries } from './series.js'
import { layCurves, layDrift, layMap } from './shared-panels.js'
import { panel, type Show, type Stage, together } from './stage.js'

/** Lays out all chambers, or the first four of more. */
export function layOverview(stage: Stage): Show {
  const { screen, run } = stage
  const shown = [...run.chambers.keys()].slice(0, MOST_SHOWN)
  const layout = overviewLayout(screen.width, screen.height, shown.length)
  const { figures, cell } = layout
  layout.drift.forEach((rect, i) => {
    stage.onClick(rect, String(shown[i] + 1))
  })
  return together([
    panel(stage, figures, (view) =>
      layout.figuresAre === 'strip' ? figuresStrip(figures.width, view) : figuresPanel(figures, view),
    ),
    layCurves(stage, layout.rates, { title: 'hits per second', seriesOf: (view) => chamberSeries(view, shown) }),
    ...layout.drift.map((rect, i) => layDrift(stage, rect, shown[i])),
    layMap(stage, layout.occupancy, { cell, shown }),
  ])
}
