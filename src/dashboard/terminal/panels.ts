import type { RunFile } from '../../core/run-file/run-file.js'
import type { DashboardView } from '../view.js'
import { driftPanel } from './drift-panel.js'
import { chamberFigures, figuresPanel, figuresStrip } from './figures.js'
import { closeupLayout, MOST_SHOWN, overviewLayout, type Rect } from './layout.js'
import { occupancyPanel } from './occupancy-panel.js'
import { type Palette, painted } from './palette.js'
import { curveDots, plotArea, ratePanel, secondsShown, steadyTop } from './rate-plot.js'
import type { TerminalScreen } from './screen.js'
import type { Line } from './text.js'

/** Shows a view in what was laid out for it. */
export type Show = (view: DashboardView) => void

/** All that the panels of one layout have in common. */
export interface Stage {
  screen: TerminalScreen
  palette: Palette
  run: RunFile
}

/** Lays out all chambers, or the first four of more. */
export function layOverview(stage: Stage): Show {
  const { screen, palette, run } = stage
  const shown = [...run.chambers.keys()].slice(0, MOST_SHOWN)
  const layout = overviewLayout(screen.width, screen.height, shown.length)
  const { figures, occupancy, cell } = layout
  return together([
    panel(stage, figures, (view) =>
      layout.figuresAre === 'strip' ? figuresStrip(figures.width, view) : figuresPanel(figures, view),
    ),
    rates(stage, layout.rates, shown),
    ...layout.drift.map((rect, i) => drift(stage, rect, shown[i])),
    panel(stage, occupancy, ({ chambers }) =>
      occupancyPanel(occupancy, { chambers, shown, run, cell, mono: palette.mono }),
    ),
  ])
}

/** Lays out one chamber. */
export function layCloseup(stage: Stage, chamber: number): Show {
  const { screen, palette, run } = stage
  const { figures, occupancy, cell, ...layout } = closeupLayout(screen.width, screen.height)
  return together([
    drift(stage, layout.drift, chamber),
    panel(stage, figures, ({ chambers }) => chamberFigures(figures, { chamber, view: chambers[chamber], run })),
    panel(stage, occupancy, ({ chambers }) =>
      occupancyPanel(occupancy, { chambers, shown: [chamber], run, cell, mono: palette.mono }),
    ),
    rates(stage, layout.rates, [chamber]),
  ])
}

/** Adds a box whose lines are made anew for each view. */
function panel({ screen, palette }: Stage, rect: Rect, render: (view: DashboardView) => Line[]): Show {
  const setText = screen.addBox(rect)
  return (view) => setText(paintedLines(render(view), palette))
}

export function paintedLines(lines: readonly Line[], palette: Palette): string {
  return lines.map((line) => painted(line, palette)).join('\n')
}

function drift(stage: Stage, rect: Rect, chamber: number): Show {
  const bins = stage.run.drift_time
  return panel(stage, rect, ({ chambers }) => driftPanel(rect, { chamber, drift: chambers[chamber].drift, bins }))
}

function rates(stage: Stage, rect: Rect, shown: readonly number[]): Show {
  const { screen, palette } = stage
  const area = plotArea(rect)
  const seconds = secondsShown(area.width)
  const size = { columns: area.width, rows: area.height, seconds }
  const setText = screen.addBox(rect)
  const drawing = screen.addDrawing(area, palette)
  let top: number | undefined
  return ({ chambers }) => {
    top = steadyTop(
      top,
      shown.map((chamber) => chambers[chamber]),
      seconds,
    )
    setText(paintedLines(ratePanel(rect, { chambers, shown, top }), palette))
    drawing.clear()
    for (const chamber of shown)
      for (const dots of curveDots(chambers[chamber].rates, { ...size, top }))
        drawing.line(dots, palette.colour(chamber))
  }
}

function together(shows: readonly Show[]): Show {
  return (view) => {
    for (const show of shows) show(view)
  }
}
