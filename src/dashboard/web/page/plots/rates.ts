import { formatRate } from '../../../../cli/numbers.js'
import { ROW_COUNTS } from '../../../../core/results/row-counts.js'
import type { RunFile } from '../../../../core/run-file/run-file.js'
import type { DashboardView } from '../../../view.js'
import { chamberColour, OKABE_ITO } from '../palette.js'
import { createCurves, sumOf } from './curves.js'
import type { LegendEntry, PlotSpec } from './plot.js'

/** Hits per second: of all chambers together, and of each. */
export function hitRates({ chambers }: RunFile): PlotSpec {
  const legend: LegendEntry[] = [
    { label: 'all', colour: undefined },
    ...chambers.map((_, i) => ({ label: `chamber ${i}`, colour: chamberColour(i) })),
  ]
  const curves = (view: DashboardView) => {
    const each = view.chambers.map(({ rates }) => rates)
    return [sumOf(each), ...each]
  }
  return {
    name: 'hit-rates',
    title: 'Hits over time',
    chamber: undefined,
    legend,
    make: (context) => createCurves({ name: 'hit-rates', yLabel: 'hits / s', legend, curves }, context),
    note: hitRateNow,
    empty: waiting,
  }
}

/** Rows of each class per second. */
export function rowRates(): PlotSpec {
  const legend = ROW_COUNTS.map((name, i) => ({ label: name, colour: i === 0 ? undefined : OKABE_ITO[i - 1] }))
  const curves = ({ rates }: DashboardView) => ROW_COUNTS.map((name) => rates[name])
  return {
    name: 'row-rates',
    title: 'Rows by class over time',
    chamber: undefined,
    legend,
    make: (context) => createCurves({ name: 'row-rates', yLabel: 'rows / s', legend, curves }, context),
    note: ({ rowRate }) => (rowRate === undefined ? 'no rate at present' : `${formatRate(rowRate)} read`),
    empty: waiting,
  }
}

function hitRateNow({ chambers }: DashboardView): string {
  const rates = chambers.map(({ rate }) => rate)
  const known = rates.filter((rate) => rate !== undefined)
  if (known.length < rates.length) return 'no rate at present'
  return `${formatRate(known.reduce((sum, rate) => sum + rate, 0))} in all chambers`
}

function waiting(view: DashboardView): string | undefined {
  return view.state === 'waiting' ? 'waiting for results' : undefined
}
