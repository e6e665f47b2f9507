import { alarmPanel, mostScroll } from './alarm-list.js'
import { capped, indented } from './columns.js'
import { COMPARISON_ROWS, COMPARISON_TITLE, comparisonLines } from './comparison-table.js'
import { edgeLines } from './edge-table.js'
import { framed } from './frame.js'
import { healthLayout } from './health-layout.js'
import { MOST_SHOWN, type Rect } from './layout.js'
import { layMap } from './shared-panels.js'
import { panel, type Show, type Stage, together } from './stage.js'
import type { Line } from './text.js'

/** Lays out what is wrong, the edges of the drift-time boxes, the comparisons with a reference, and the cells that alarms name. */
export function layHealth(stage: Stage): Show {
  const { screen, run, choice } = stage
  const shown = [...run.chambers.keys()].slice(0, MOST_SHOWN)
  const layout = healthLayout(screen.width, screen.height, { chambers: run.chambers.length, shown: shown.length })
  const { alarms, map } = layout
  return together([
    panel(stage, alarms, (view) => {
      stage.canScroll(mostScroll(alarms, view))
      return alarmPanel(alarms, view, choice.scroll)
    }),
    layChecks(stage, layout),
    ...(map ? [layMap(stage, map.rect, { cell: map.cell, shown })] : []),
  ])
}

function layChecks(stage: Stage, { edges, comparisons }: { edges: Rect; comparisons: Rect | undefined }): Show {
  const { run } = stage
  const chambers = run.chambers.length
  if (comparisons === undefined)
    return panel(stage, edges, ({ health }) => {
      const width = edges.width - 4
      const below = comparisonLines(health, { chambers, width, rows: COMPARISON_ROWS })
      const above = capped(edgeLines(health, run, width), edges.height - 2 - below.length)
      return framedTable(edges, 'edges of the drift times', [...above, ...below])
    })
  return together([
    panel(stage, edges, ({ health }) =>
      framedTable(edges, 'edges of the drift times', edgeLines(health, run, edges.width - 4)),
    ),
    panel(stage, comparisons, ({ health }) => {
      const room = { chambers, width: comparisons.width - 4, rows: comparisons.height - 2 }
      return framedTable(comparisons, COMPARISON_TITLE, comparisonLines(health, room))
    }),
  ])
}

function framedTable({ width, height }: Rect, title: string, lines: readonly Line[]): Line[] {
  return framed(width, height, { title, body: indented(capped(lines, height - 2)) })
}
