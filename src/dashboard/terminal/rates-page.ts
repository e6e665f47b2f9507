import type { DashboardView } from '../view.js'
import { MOST_SHOWN, type Rect, ratesLayout } from './layout.js'
import { plotArea, secondsShown } from './rate-plot.js'
import { rateTable } from './rate-table.js'
import { chamberSeries, classSeries, type NamedSeries } from './series.js'
import { layCurves } from './shared-panels.js'
import { panel, type Show, type Stage, together } from './stage.js'

/** Lays out the rates: of all rows by class, and of the hits by chamber. */
export function layRates(stage: Stage): Show {
  const { screen, run } = stage
  const shown = [...run.chambers.keys()].slice(0, MOST_SHOWN)
  const { classes, chambers } = ratesLayout(screen.width, screen.height)
  return together([
    layPlot(stage, classes, { title: 'rows per second', seriesOf: classSeries }),
    layPlot(stage, chambers, { title: 'hits per second', seriesOf: (view) => chamberSeries(view, shown) }),
  ])
}

function layPlot(
  stage: Stage,
  { plot, table }: { plot: Rect; table: Rect },
  what: { title: string; seriesOf: (view: DashboardView) => NamedSeries[] },
): Show {
  const seconds = secondsShown(plotArea(plot).width)
  return together([
    layCurves(stage, plot, what),
    panel(stage, table, (view) => rateTable(table, { series: what.seriesOf(view), seconds })),
  ])
}
