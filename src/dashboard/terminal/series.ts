import { presentRate } from '../../core/results/rate-curve.js'
import { ROW_COUNTS } from '../../core/results/row-counts.js'
import type { DashboardView } from '../view.js'
import type { Series } from './rate-plot.js'
import type { Ink } from './text.js'

type RowClass = (typeof ROW_COUNTS)[number]

/** What shall not be has the colours that warn. */
const CLASS_INKS: Record<RowClass, Ink> = {
  read: 'strong',
  hits: 0,
  scintillator: 1,
  ancillary: 2,
  unmapped: 3,
  malformed: 'alarm',
  late: 'warning',
}

/** A curve with the name in words of what it is. */
export type NamedSeries = Series & { readonly words: string }

/** Hits per second of these chambers, each named by its number. */
export function chamberSeries({ chambers }: DashboardView, shown: readonly number[]): NamedSeries[] {
  return shown.map((chamber) => ({
    name: String(chamber),
    words: 'chamber',
    ink: chamber,
    curve: chambers[chamber].rates,
    present: chambers[chamber].rate,
  }))
}

/** Rows per second by their class, each named by its first letter. */
export function classSeries({ rates, state }: DashboardView): NamedSeries[] {
  return ROW_COUNTS.map((name) => ({
    name: name[0],
    words: name,
    ink: CLASS_INKS[name],
    curve: rates[name],
    present: state === 'live' ? presentRate(rates[name]) : undefined,
  }))
}
