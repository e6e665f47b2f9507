import { LaneFold } from '../core/orbits/lane-fold.js'
import { wholeGrace } from '../core/orbits/round-plan.js'
import type { Result, TopicRange } from '../core/results/result.js'
import { createRowBuffer } from '../core/rows/row-buffer.js'
import { RowQueue, STEP } from '../core/rows/row-queue.js'
import type { Log, PartitionReader, TopicInfo } from '../log/log.js'
import { notYetWritten } from '../log/out-of-range.js'
import { nextPromised } from '../log/promised.js'
import { type FoldSettings, foldOptions } from '../process/fold-settings.js'
import { rangesOf } from './chain.js'

/** What a result should be, beside what it is. */
export interface Recomputed {
  found: Result
  /** undefined where rows are gone that it may have counted */
  expected: Result | undefined
}

export interface RecomputeOptions {
  log: Log
  raw: TopicInfo
  settings: FoldSettings
  signal: AbortSignal
}

/** No orbit stays open while the lane's time goes on by so many: a stray waits for 2^20 at most. */
const LONGEST_OPEN_ORBITS = 2 ** 20

/**
 * Folds a lane's rows once, in one go, and cuts where its results were cut; those of several partitions in the rounds
 * that the results name. Orbits that closed because nothing came are closed at the same places: there the watermark of the
 * result is the lane's time itself. Where the rows at the chain's beginning are gone, the first results cannot be computed:
 * orbits may have been open of which rows are missing.
 */
export async function* recomputeLane(
  { log, raw, settings, signal }: RecomputeOptions,
  partitions: readonly number[],
  results: readonly Result[],
): AsyncGenerator<Recomputed, void, void> {
  if (results.length === 0) return
  const starts = partitions.map((partition) => raw.offsets[partition].start)
  const first = rangesOf(results[0])
  const hasBeginning = results[0].msg_ID === 0 && first.every(({ from }, i) => from >= starts[i])
  const begin = hasBeginning ? first.map(({ from }) => from) : starts
  const isKept = hasBeginning || starts.every((start) => start === 0)
  const lane = new Recomputation(raw, { ...settings, grace: graceOf(settings, partitions) })
  const isSure = () => isKept || lane.elapsedOrbits > LONGEST_OPEN_ORBITS + 2 * graceOf(settings, partitions)
  try {
    for (const [i, partition] of partitions.entries())
      lane.addPart(partition, await log.reader(raw.name, partition, begin[i]), begin[i])
    for (const found of results) {
      if (signal.aborted) return
      const ranges = rangesOf(found)
      await lane.skipTo(found)
      const isComplete = ranges.every(({ from }, i) => from >= starts[i]) && isSure()
      for (const to of endsOf(ranges)) await lane.foldTo(to)
      const expected = lane.take(found)
      yield { found, expected: isComplete ? expected : undefined }
    }
  } finally {
    await lane.close()
  }
}

function graceOf({ grace }: FoldSettings, { length }: readonly number[]): number {
  return length > 1 ? wholeGrace(grace) : grace
}

/** How far a round takes a partition, and whether its rows are late. */
interface RoundEnd {
  offset: number
  isLate: boolean
}

/** Where each round of a result ends, by partition. A lane of one partition has one. */
function endsOf(ranges: readonly TopicRange[]): RoundEnd[][] {
  const [{ rounds }] = ranges
  if (!rounds) return [ranges.map(({ to }) => ({ offset: to, isLate: false }))]
  const offsets = ranges.map(({ from }) => from)
  return rounds.map((_, round) =>
    ranges.map((range, i) => {
      const step = range.rounds?.[round] ?? 0
      offsets[i] += Math.abs(step)
      return { offset: offsets[i], isLate: step < 0 }
    }),
  )
}

interface Part {
  partition: number
  queue: RowQueue
  reader: PartitionReader
}

class Recomputation {
  private readonly fold: LaneFold
  private readonly block = createRowBuffer(16_384)
  private readonly parts: Part[] = []

  constructor(
    private readonly raw: TopicInfo,
    private readonly settings: FoldSettings,
  ) {
    this.fold = new LaneFold(foldOptions(settings))
  }

  get elapsedOrbits(): number {
    return this.fold.elapsedOrbits
  }

  addPart(partition: number, reader: PartitionReader, begin: number): void {
    const { map, run } = foldOptions(this.settings)
    this.parts.push({ partition, reader, queue: new RowQueue(map, run.raw_word, this.block, begin) })
  }

  /** Folds the messages before a result that no other covers, and forgets what they count. */
  async skipTo(found: Result): Promise<void> {
    const froms = rangesOf(found).map(({ from }) => ({ offset: from, isLate: false }))
    if (this.parts.every(({ queue }, i) => queue.offsetAt(queue.first) >= froms[i].offset)) return
    await this.foldTo(froms)
    this.fold.sweep()
    this.fold.tally.take({ ...found, run: this.fold.run })
  }

  /** Folds the messages before an offset of each partition: as one round. */
  async foldTo(ends: readonly RoundEnd[]): Promise<void> {
    let isEnd = false
    for (const [i, end] of ends.entries()) isEnd = (await this.foldPart(i, end)) || isEnd
    if (isEnd && this.parts.length > 1) this.fold.end()
  }

  async close(): Promise<void> {
    for (const { reader } of this.parts) await reader.close()
  }

  take(found: Result): Result {
    const { fold } = this
    fold.sweep()
    const [{ watermark }] = rangesOf(found)
    if (watermark === fold.time && fold.tally.orbitCount < found.orbits.count) fold.closeIdle()
    return fold.tally.take({ ...found, run: fold.run })
  }

  /** A lane of one partition ends where its end marks are, one of several behind the round that has them. */
  private stops(queue: RowQueue, offset: number): number[] {
    const last = queue.indexOf(offset)
    const stops: number[] = []
    for (let i = queue.first; i < last && this.parts.length === 1; i++)
      if (queue.step[i] === STEP.endMark) stops.push(i + 1)
    return stops.at(-1) === last || last === queue.first ? stops : [...stops, last]
  }

  /**
   * Whether an end mark was among the messages.
   * @throws ExpectedError where the topic has no messages up to there, or they do not come
   */
  private async foldPart(part: number, { offset, isLate }: RoundEnd): Promise<boolean> {
    const { partition, queue, reader } = this.parts[part]
    const { name: topic, offsets } = this.raw
    const { end } = offsets[partition]
    if (offset > end) throw notYetWritten(topic, partition, offset - 1, end)
    let hasEndMark = false
    for (;;) {
      for (const to of this.stops(queue, offset)) {
        const rows = queue.take(to)
        if (isLate) this.fold.foldLate(rows.columns, rows.from, rows.to)
        else this.fold.fold(rows.columns, rows.from, rows.to)
        this.fold.addMalformed(rows.malformed)
        if (rows.hasEndMark && this.parts.length === 1) this.fold.end()
        hasEndMark ||= rows.hasEndMark
      }
      if (queue.end >= offset) return hasEndMark
      queue.append(await nextPromised(reader, { topic, partition, offset: queue.end }), () => undefined)
    }
  }
}
