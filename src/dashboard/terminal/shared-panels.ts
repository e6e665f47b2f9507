import type { DashboardView } from '../view.js'
import { driftPanel } from './drift-panel.js'
import type { CellSize, Rect } from './layout.js'
import { occupancyPanel } from './occupancy-panel.js'
import { paintedLines } from './palette.js'
import { curveDots, plotArea, ratePanel, rateScale, type Series, secondsShown, steadyTop } from './rate-plot.js'
import { panel, type Show, type Stage } from './stage.js'

/** The drift times of a chamber. */
export function layDrift(stage: Stage, rect: Rect, chamber: number): Show {
  const { run, choice } = stage
  return panel(stage, rect, ({ chambers }) =>
    driftPanel(rect, { chamber, drift: chambers[chamber].drift, bins: run.drift_time, log: choice.log }),
  )
}

/** The cells of chambers by layer and wire. */
export function layMap(stage: Stage, rect: Rect, { cell, shown }: { cell: CellSize; shown: readonly number[] }): Show {
  const { run, choice } = stage
  const { scintillator, log } = choice
  return panel(stage, rect, ({ chambers, health }) =>
    occupancyPanel(rect, { chambers, shown, run, cell, alarms: health.alarms, scintillator, log }),
  )
}

/** Curves of rates over the last seconds. */
export function layCurves(
  stage: Stage,
  rect: Rect,
  { title, seriesOf }: { title: string; seriesOf: (view: DashboardView) => readonly Series[] },
): Show {
  const { screen, palette } = stage
  const { log } = stage.choice
  const area = plotArea(rect)
  const seconds = secondsShown(area.width)
  const size = { columns: area.width, rows: area.height, seconds }
  const setText = screen.addBox(rect)
  const drawing = screen.addDrawing(area, palette)
  let top: number | undefined
  return (view) => {
    const series = seriesOf(view)
    const curves = series.map(({ curve }) => curve)
    top = steadyTop(top, curves, seconds)
    const scale = rateScale(curves, seconds, { top, log })
    setText(paintedLines(ratePanel(rect, { title, series, scale }), palette))
    drawing.clear()
    for (const { ink, curve } of series)
      for (const dots of curveDots(curve, { ...size, scale })) drawing.line(dots, palette.colour(ink))
  }
}
