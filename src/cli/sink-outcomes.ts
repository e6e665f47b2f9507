import type { OpenedSink, SinkOutcomes } from '../sinks/policy/guarded-sink.js'
import { parseUri } from '../uri.js'
import { formatCount } from './numbers.js'

/** Of the sinks that have any. */
export function outcomesOf(sinks: readonly OpenedSink[]): SinkOutcomes[] {
  return sinks.flatMap(({ outcomes }) => outcomes ?? [])
}

/** What went wrong with sinks, for the status line: `null: 3 retried, 1 dropped`; none where nothing did. */
export function outcomesInWords(sinks: readonly OpenedSink[]): string[] {
  return sinks.flatMap(({ name, outcomes }) => {
    if (!outcomes) return []
    const { written, retried, fallenBack, dropped } = outcomes
    if (retried + fallenBack + dropped === 0) return []
    const counts = [
      [written, 'written'],
      [retried, 'retried'],
      [fallenBack, 'fallen back'],
      [dropped, 'dropped'],
    ] as const
    const words = counts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`)
    return [`${parseUri(name).scheme}: ${words.join(', ')}`]
  })
}
