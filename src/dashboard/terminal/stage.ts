import type { RunFile } from '../../core/run-file/run-file.js'
import type { DashboardView } from '../view.js'
import type { Choice } from './keys.js'
import type { Rect } from './layout.js'
import { type Palette, paintedLines } from './palette.js'
import type { TerminalScreen } from './screen.js'
import type { Line } from './text.js'

/** Shows a view in what was laid out for it. */
export type Show = (view: DashboardView) => void

/** All that the panels of one page have in common. */
export interface Stage {
  readonly screen: TerminalScreen
  readonly palette: Palette
  readonly run: RunFile
  readonly choice: Choice
  /** Says that a click into `rect` is as good as this key. */
  onClick(rect: Rect, key: string): void
  /** Says by how many rows at most the list of alarms can be scrolled down. */
  canScroll(rows: number): void
}

/** Adds a box whose lines are made anew for each view. */
export function panel({ screen, palette }: Stage, rect: Rect, render: (view: DashboardView) => Line[]): Show {
  const setText = screen.addBox(rect)
  return (view) => setText(paintedLines(render(view), palette))
}

export function together(shows: readonly Show[]): Show {
  return (view) => {
    for (const show of shows) show(view)
  }
}
