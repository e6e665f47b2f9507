import type { Result, TopicRange } from '../core/results/result.js'

/** Where a chain of results is not whole: offsets [from, to) in no result or in two, or a result that was sent again. */
export interface Break {
  kind: 'gap' | 'overlap' | 'repeated'
  partition: number
  from: number
  to: number
  /** the result at which it shows; for a gap the one behind it */
  msg_ID: number
}

/** What is known of a chain beside its results. */
export interface ChainEnds {
  /** first offset that the topic of rows keeps, by partition of the lane */
  starts: readonly number[]
  /** what the lane has committed last, if anything: by partition of the lane, and the number of the next result */
  committed: { nextOffsets: readonly number[]; nextMessage: number } | undefined
  /** retention has deleted results, so the first ones may be missing */
  trimmed: boolean
}

export interface Chain {
  /** those that count, each beginning where the one before ended, but for gaps */
  results: Result[]
  breaks: Break[]
}

/** Where a result should begin in each partition, and its number. */
interface Place {
  offsets: number[]
  msg_ID: number
}

/**
 * The results of one lane as a chain. A result that repeats another (same number, same ranges) is left out, and so is
 * one that overlaps what is before it; every irregularity is listed.
 */
export function chainOf(partitions: readonly number[], sent: readonly Result[], ends: ChainEnds): Chain {
  const results: Result[] = []
  const breaks: Break[] = []
  const seen = new Set<string>()
  const sorted = [...sent].sort(byPlace)
  let next = beginning(sorted[0], ends)
  for (const result of sorted) {
    const { msg_ID } = result
    const ranges = rangesOf(result)
    const name = [msg_ID, ...ranges.map(({ from, to }) => `${from}-${to}`)].join()
    const overlaps = ranges.filter(({ from }, i) => from < next.offsets[i])
    if (seen.has(name)) breaks.push({ kind: 'repeated', ...placeOf(ranges[0]), msg_ID })
    else if (overlaps.length > 0) breaks.push(...overlaps.map((range) => overlapWith(range, next, result)))
    else {
      breaks.push(...gapsBefore(result, next))
      next = { offsets: ranges.map(({ to }) => to), msg_ID: msg_ID + 1 }
      results.push(result)
    }
    seen.add(name)
  }
  return { results, breaks: [...breaks, ...lostEnd(partitions, next, ends)] }
}

/** A group may begin with any row, but its first result has the number 0. */
function beginning(first: Result | undefined, { starts, committed, trimmed }: ChainEnds): Place {
  if (!first) {
    const offsets = starts.map((start, i) => Math.min(start, committed?.nextOffsets[i] ?? start))
    return { offsets, msg_ID: 0 }
  }
  const froms = rangesOf(first).map(({ from }) => from)
  if (trimmed) return { offsets: froms, msg_ID: first.msg_ID }
  return { offsets: first.msg_ID === 0 ? froms : froms.map((from, i) => Math.min(starts[i], from)), msg_ID: 0 }
}

function overlapWith(range: TopicRange, { offsets }: Place, result: Result): Break {
  const { partition, from, to } = range
  const end = offsets[rangesOf(result).indexOf(range)]
  return { kind: 'overlap', partition, from, to: Math.min(to, end), msg_ID: result.msg_ID }
}

/** One for each partition that has a hole; one without offsets where only a number is missing. */
function gapsBefore(result: Result, next: Place): Break[] {
  const { msg_ID } = result
  const ranges = rangesOf(result)
  const gaps = ranges.flatMap(({ partition, from }, i): Break[] =>
    from > next.offsets[i] ? [{ kind: 'gap', partition, from: next.offsets[i], to: from, msg_ID }] : [],
  )
  if (gaps.length > 0 || msg_ID === next.msg_ID) return gaps
  const [{ partition, from }] = ranges
  return [{ kind: 'gap', partition, from, to: from, msg_ID }]
}

/** State is committed together with its result, so what is committed beyond the last result was lost. */
function lostEnd(
  partitions: readonly number[],
  { offsets, msg_ID }: Place,
  { committed, trimmed }: ChainEnds,
): Break[] {
  if (!committed || committed.nextMessage <= msg_ID || (trimmed && msg_ID === 0)) return []
  const breaks = partitions.map((partition, i): Break => {
    const to = Math.max(offsets[i], committed.nextOffsets[i])
    return { kind: 'gap', partition, from: offsets[i], to, msg_ID: committed.nextMessage }
  })
  const holes = breaks.filter(({ from, to }) => from < to)
  return holes.length > 0 ? holes : breaks.slice(0, 1)
}

/** The parts of the lane that a result covers, partition by partition. */
export function rangesOf({ source }: Result): TopicRange[] {
  return source as TopicRange[]
}

const placeOf = ({ partition, from, to }: TopicRange) => ({ partition, from, to })

function byPlace(a: Result, b: Result): number {
  return sumOf(a, 'from') - sumOf(b, 'from') || sumOf(a, 'to') - sumOf(b, 'to') || a.msg_ID - b.msg_ID
}

/** Along a chain every partition's offsets only grow. */
function sumOf(result: Result, end: 'from' | 'to'): number {
  return rangesOf(result).reduce((sum, range) => sum + range[end], 0)
}
