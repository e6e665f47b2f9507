import type { RunFile } from '../../../../core/run-file/run-file.js'
import type { DashboardView } from '../../../view.js'
import type { Figure } from '../bokeh.js'
import type { Ink } from '../palette.js'

/** What a plot is drawn with; it is made anew where any of it changes. */
export interface PlotContext {
  readonly run: RunFile
  readonly ink: Ink
  /** counts on a logarithmic scale */
  readonly log: boolean
  /** one chamber fills the page: there is room, and the x axis can be zoomed */
  readonly large: boolean
}

/** `seen`: only what moves by a pixel, or a colour, is worth drawing · `all`: every count is to be the view's. */
export type Detail = 'seen' | 'all'

export interface Plot {
  readonly figure: Figure
  /** Takes over what differs from what is drawn. @returns whether anything does */
  update(view: DashboardView, detail: Detail): boolean
}

export interface LegendEntry {
  readonly label: string
  /** undefined: that of text */
  readonly colour: string | undefined
}

/** A plot, and what stands around it. */
export interface PlotSpec {
  /** of the plot and of its figure, unique on the page: `drift-2` */
  readonly name: string
  /** the quantity that is shown */
  readonly title: string
  /** undefined: of all chambers */
  readonly chamber: number | undefined
  readonly legend: readonly LegendEntry[]
  make(context: PlotContext): Plot
  /** figures beneath the plot */
  note(view: DashboardView): string
  /** why there is nothing to see, where there is nothing */
  empty(view: DashboardView): string | undefined
}

/** `Drift time, chamber 2` */
export function fullTitle({ title, chamber }: Pick<PlotSpec, 'title' | 'chamber'>): string {
  return chamber === undefined ? title : `${title}, chamber ${chamber}`
}

/** What every difference is worth. */
export const ANY = { least: 0, top: Number.POSITIVE_INFINITY }

/** Whether counts differ from what is drawn by `least` or more in any place; what is beyond `top` looks the same. */
export function differ(
  counts: readonly number[],
  drawn: readonly number[] | undefined,
  { least, top }: { least: number; top: number },
): boolean {
  if (drawn === undefined || counts.length !== drawn.length) return true
  for (let i = 0; i < counts.length; i++) {
    const difference = Math.abs(Math.min(counts[i], top) - Math.min(drawn[i], top))
    if (difference > 0 && difference >= least) return true
  }
  return false
}
