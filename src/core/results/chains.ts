import type { SourceRange } from './result.js'

/** A hole in a chain: `from` included, `to` excluded. */
export interface Gap {
  source: string
  from: number
  to: number
}

/** A stretch of one source that results cover without a hole. */
interface Stretch {
  from: number
  to: number
  watermark: number | null
}

/** What names the source of a range: the partition of a topic, the file, or the windows of a Spark job. */
export function sourceKey(range: SourceRange): string {
  if ('name' in range) return range.name
  return 'since' in range
    ? `windows of ${range.topic} since ${range.since.join()}`
    : `${range.topic}/${range.partition}`
}

/** As `sourceKey`, but never the same for two kinds of sources: no name has a NUL in it. */
function uniqueKey(range: SourceRange): string {
  if ('name' in range) return range.name
  return 'since' in range ? `${range.topic}\0since\0${range.since.join()}` : `${range.topic}\0${range.partition}`
}

/**
 * The ranges that results cover, source by source. Each result's `from` is the `to` before it, so a hole, an overlap
 * and a repetition all show. Ranges may be added in any order.
 */
export class Chains {
  private readonly sources = new Map<string, { template: SourceRange; stretches: Stretch[] }>()

  /** Whether any of the ranges overlaps what is covered; an empty range overlaps nothing. */
  overlaps(ranges: readonly SourceRange[]): boolean {
    return ranges.some((range) => {
      const { stretches } = this.sources.get(uniqueKey(range)) ?? { stretches: [] }
      for (let i = firstEndingFrom(stretches, range.from); i < stretches.length && stretches[i].from < range.to; i++)
        if (Math.max(range.from, stretches[i].from) < Math.min(range.to, stretches[i].to)) return true
      return false
    })
  }

  add(ranges: readonly SourceRange[]): void {
    for (const range of ranges) {
      const key = uniqueKey(range)
      const { stretches } = this.sources.get(key) ?? { stretches: [] }
      this.sources.set(key, { template: withoutRounds(range), stretches })
      const first = firstEndingFrom(stretches, range.from)
      let end = first
      while (end < stretches.length && stretches[end].from <= range.to) end++
      stretches.splice(first, end - first, ...joined([...stretches.slice(first, end), range]))
    }
  }

  /**
   * Holes between what is covered. A window without orbits gives no result, so holes between windows are none.
   * @param holed topics whose holes are none either
   */
  gaps(holed: ReadonlySet<string> = new Set()): Gap[] {
    return [...this.sources.values()].flatMap(({ template, stretches }) =>
      'since' in template || ('partition' in template && holed.has(template.topic))
        ? []
        : stretches.slice(1).map(({ from }, i) => ({ source: sourceKey(template), from: stretches[i].to, to: from })),
    )
  }

  /** The covered ranges, source by source. */
  ranges(): SourceRange[] {
    return [...this.sources.values()].flatMap(({ template, stretches }) =>
      stretches.map(({ from, to, watermark }) => ({ ...template, from, to, watermark })),
    )
  }
}

/** The order in which rows were folded is that of one result. */
function withoutRounds(range: SourceRange): SourceRange {
  if (!('rounds' in range)) return range
  const { rounds: _, ...rest } = range
  return rest
}

/** Index of the first stretch that ends at `at` or behind it; their number where there is none. */
function firstEndingFrom(stretches: readonly Stretch[], at: number): number {
  let low = 0
  let high = stretches.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (stretches[middle].to < at) low = middle + 1
    else high = middle
  }
  return low
}

function joined(stretches: Stretch[]): Stretch[] {
  const out: Stretch[] = []
  for (const { from, to, watermark } of stretches.sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = out.at(-1)
    if (last && from <= last.to) {
      if (to >= last.to) last.watermark = watermark ?? last.watermark
      last.to = Math.max(last.to, to)
    } else out.push({ from, to, watermark })
  }
  return out
}
