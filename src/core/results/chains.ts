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

/** What names the source of a range: the partition of a topic, or the file. */
export function sourceKey(range: SourceRange): string {
  return 'topic' in range ? `${range.topic}/${range.partition}` : range.name
}

/** As `sourceKey`, but never the same for a file and a partition: no name has a NUL in it. */
function uniqueKey(range: SourceRange): string {
  return 'topic' in range ? `${range.topic}\0${range.partition}` : range.name
}

/**
 * The ranges that results cover, source by source. Each result's `from` is the `to` before it, so a hole, an overlap
 * and a repetition all show. Ranges may be added in any order.
 */
export class Chains {
  private readonly sources = new Map<string, { template: SourceRange; stretches: Stretch[] }>()

  /** Whether any of the ranges overlaps what is covered; an empty range overlaps nothing. */
  overlaps(ranges: readonly SourceRange[]): boolean {
    return ranges.some((range) =>
      this.sources
        .get(uniqueKey(range))
        ?.stretches.some(({ from, to }) => Math.max(range.from, from) < Math.min(range.to, to)),
    )
  }

  add(ranges: readonly SourceRange[]): void {
    for (const range of ranges) {
      const key = uniqueKey(range)
      const { stretches } = this.sources.get(key) ?? { stretches: [] }
      this.sources.set(key, { template: withoutRounds(range), stretches: joined([...stretches, range]) })
    }
  }

  gaps(): Gap[] {
    return [...this.sources.values()].flatMap(({ template, stretches }) =>
      stretches.slice(1).map(({ from }, i) => ({ source: sourceKey(template), from: stretches[i].to, to: from })),
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
