import type { Result, TopicRange } from '../core/results/result.js'

/** Where a chain of results is not whole: offsets [from, to) in no result or in two, or a result that was sent again. */
export interface Break {
  kind: 'gap' | 'overlap' | 'repeated'
  from: number
  to: number
  /** the result at which it shows; for a gap the one behind it */
  msg_ID: number
}

/** What is known of a chain beside its results. */
export interface ChainEnds {
  /** first offset that the topic of rows keeps */
  start: number
  /** what the lane has committed last, if anything */
  committed: { nextOffset: number; nextMessage: number } | undefined
  /** retention has deleted results, so the first ones may be missing */
  trimmed: boolean
}

export interface Chain {
  /** those that count, each beginning where the one before ended, but for gaps */
  results: Result[]
  breaks: Break[]
}

/**
 * The results of one lane as a chain. A result that repeats another (same number, same range) is left out, and so is
 * one that overlaps what is before it; every irregularity is listed.
 */
export function chainOf(sent: readonly Result[], ends: ChainEnds): Chain {
  const results: Result[] = []
  const breaks: Break[] = []
  const seen = new Set<string>()
  const sorted = [...sent].sort(byPlace)
  let next = beginning(sorted[0], ends)
  for (const result of sorted) {
    const { from, to } = rangeOf(result)
    const { msg_ID } = result
    const name = `${msg_ID} ${from} ${to}`
    if (seen.has(name)) breaks.push({ kind: 'repeated', from, to, msg_ID })
    else if (from < next.offset) breaks.push({ kind: 'overlap', from, to: Math.min(to, next.offset), msg_ID })
    else {
      if (from > next.offset || msg_ID !== next.msg_ID)
        breaks.push({ kind: 'gap', from: next.offset, to: from, msg_ID })
      next = { offset: to, msg_ID: msg_ID + 1 }
      results.push(result)
    }
    seen.add(name)
  }
  const lost = lostEnd(next, ends)
  if (lost) breaks.push(lost)
  return { results, breaks }
}

/** Where a result should begin, and its number. */
interface Place {
  offset: number
  msg_ID: number
}

/** A group may begin with any row, but its first result has the number 0. */
function beginning(first: Result | undefined, { start, committed, trimmed }: ChainEnds): Place {
  if (!first) return { offset: Math.min(start, committed?.nextOffset ?? start), msg_ID: 0 }
  const { msg_ID } = first
  const { from } = rangeOf(first)
  return trimmed ? { offset: from, msg_ID } : { offset: msg_ID === 0 ? from : Math.min(start, from), msg_ID: 0 }
}

/** State is committed together with its result, so what is committed beyond the last result was lost. */
function lostEnd({ offset, msg_ID }: Place, { committed, trimmed }: ChainEnds): Break | undefined {
  if (!committed || committed.nextMessage <= msg_ID || (trimmed && msg_ID === 0)) return undefined
  return { kind: 'gap', from: offset, to: Math.max(offset, committed.nextOffset), msg_ID: committed.nextMessage }
}

/** The part of the lane that a result covers. */
export function rangeOf({ source }: Result): TopicRange {
  return source[0] as TopicRange
}

function byPlace(a: Result, b: Result): number {
  const [left, right] = [rangeOf(a), rangeOf(b)]
  return left.from - right.from || left.to - right.to || a.msg_ID - b.msg_ID
}
