import { median } from '../lib/statistics.js'
import type { EngineRun } from './engines.js'
import type { Latency } from './live.js'
import { cpuSecondsAt } from './process-usage.js'
import { warmFigures } from './warm-figures.js'

/** What is told of a run; several of the same kind are told by their medians. */
export interface Figures {
  /** warm */
  rowsPerSecond: number
  cpuUsPerRow: number
  /** of the whole command */
  seconds: number
  wholeCpuUsPerRow: number
  firstResultSeconds: number
  peakMegabytes: number
}

export function figuresOf(run: EngineRun<{ hit_count: number }>, rows: number): Figures {
  const { startedMs, usage, messages, batches } = run
  const doneMs = messages.at(-1)?.seenMs ?? Number.NaN
  const first = messages.find(({ value }) => value.hit_count > 0)?.seenMs ?? Number.NaN
  return {
    ...warmFigures(batches, usage),
    seconds: (doneMs - startedMs) / 1000,
    wholeCpuUsPerRow: (cpuSecondsAt(usage, doneMs) * 1e6) / rows,
    firstResultSeconds: (first - startedMs) / 1000,
    peakMegabytes: Math.max(...usage.map(({ bytes }) => bytes)) / 1e6,
  }
}

/** A line for each engine, from the figures of its rounds. */
export function speedTable(runs: ReadonlyMap<string, Figures[]>): string {
  const lines = [...runs].map(([name, all]) => {
    const of = (figure: keyof Figures) => median(all.map((one) => one[figure]))
    const cells = [
      (of('rowsPerSecond') / 1000).toFixed(1),
      of('cpuUsPerRow').toFixed(1),
      of('seconds').toFixed(1),
      of('wholeCpuUsPerRow').toFixed(1),
      of('firstResultSeconds').toFixed(1),
      of('peakMegabytes').toFixed(0),
    ]
    return `| ${name} | ${cells.join(' | ')} |`
  })
  const head = [
    'thousand rows/s, warm',
    'CPU us a row, warm',
    's, all of it',
    'CPU us a row, all of it',
    's to the first result',
    'peak MB',
  ]
  return [`| | ${head.join(' | ')} |`, `|---${'|---'.repeat(head.length)}|`, ...lines].join('\n')
}

export function latencyTable(latencies: ReadonlyMap<string, Latency>): string {
  const lines = [...latencies].map(
    ([name, { medianMs, windows }]) => `| ${name} | ${(medianMs / 1000).toFixed(2)} | ${windows} |`,
  )
  return ['| | s from the last row to the result, median | windows |', '|---|---|---|', ...lines].join('\n')
}
