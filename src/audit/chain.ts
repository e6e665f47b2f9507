import type { Result, TopicRange } from '../core/results/result.js'

/** Where a chain of results is not whole: offsets [from, to) missing, covered twice, or a result sent again. */
export interface Break {
  kind: 'gap' | 'overlap' | 'repeated'
  from: number
  to: number
  msg_ID: number
}

/**
 * The results of one lane as a chain, each beginning where the one before ended. A result that repeats another (same
 * number, same range) is left out; every other irregularity is listed.
 * @param start first offset that the topic keeps: what is before the first result is in none
 */
export function chainOf(sent: readonly Result[], start: number): { results: Result[]; breaks: Break[] } {
  const results: Result[] = []
  const breaks: Break[] = []
  const seen = new Set<string>()
  for (const result of [...sent].sort(byPlace)) {
    const { from, to } = result.source[0] as TopicRange
    const { msg_ID } = result
    const name = `${msg_ID} ${from} ${to}`
    const last = results.at(-1)
    const lastTo = last ? (last.source[0] as TopicRange).to : Math.min(start, from)
    if (seen.has(name)) breaks.push({ kind: 'repeated', from, to, msg_ID })
    else if (from < lastTo) breaks.push({ kind: 'overlap', from, to: Math.min(to, lastTo), msg_ID })
    else {
      if (from > lastTo) breaks.push({ kind: 'gap', from: lastTo, to: from, msg_ID })
      else if (last && msg_ID !== last.msg_ID + 1) breaks.push({ kind: 'gap', from, to: from, msg_ID })
      results.push(result)
    }
    seen.add(name)
  }
  return { results, breaks }
}

function byPlace(a: Result, b: Result): number {
  const [left, right] = [a.source[0] as TopicRange, b.source[0] as TopicRange]
  return left.from - right.from || left.to - right.to || a.msg_ID - b.msg_ID
}
