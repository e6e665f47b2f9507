import { LaneFold } from '../core/orbits/lane-fold.js'
import type { Result } from '../core/results/result.js'
import { indexOfOffset, type MessageBatch } from '../core/rows/message-batch.js'
import { parseMessages, type RowConsumer } from '../core/rows/parse-messages.js'
import { createRowBuffer } from '../core/rows/row-buffer.js'
import type { Log, PartitionReader, TopicInfo } from '../log/log.js'
import { type FoldSettings, foldOptions } from '../process/fold-settings.js'
import { rangeOf } from './chain.js'

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

/** Longest wait for rows that the topic says it has. */
const WAIT_MS = 5000
/** No orbit stays open while the lane's time goes on by so many: a stray waits for 2^20 at most. */
const LONGEST_OPEN_ORBITS = 2 ** 20

/**
 * Folds a lane's rows once, in one go, and cuts where its results were cut. Orbits that closed because nothing came are
 * closed at the same places: there the watermark of the result is the lane's time itself. Where the rows at the chain's
 * beginning are gone, the first results cannot be computed: orbits may have been open of which rows are missing.
 */
export async function* recomputeLane(
  { log, raw, settings, signal }: RecomputeOptions,
  partition: number,
  results: readonly Result[],
): AsyncGenerator<Recomputed, void, void> {
  if (results.length === 0) return
  const { start } = raw.offsets[partition]
  const first = rangeOf(results[0])
  const hasBeginning = results[0].msg_ID === 0 && first.from >= start
  const begin = hasBeginning ? first.from : start
  const lane = new Recomputation(settings, begin)
  const isSure = () => hasBeginning || start === 0 || lane.elapsedOrbits > LONGEST_OPEN_ORBITS + 2 * settings.grace
  const reader = await log.reader(raw.name, partition, begin)
  try {
    for (const found of results) {
      if (signal.aborted) return
      const { from, to } = rangeOf(found)
      await lane.skipTo(reader, found)
      const isComplete = from >= start && isSure()
      await lane.readTo(reader, to)
      const expected = lane.take(found)
      yield { found, expected: isComplete ? expected : undefined }
    }
  } finally {
    await reader.close()
  }
}

class Recomputation {
  private readonly fold: LaneFold
  private readonly rows = createRowBuffer(16_384)
  private readonly consumer: RowConsumer
  /** the batch that was read last, and how many of its messages are folded */
  private batch: MessageBatch | undefined
  private done = 0

  constructor(
    private readonly settings: FoldSettings,
    private position: number,
  ) {
    const fold = new LaneFold(foldOptions(settings))
    this.fold = fold
    this.consumer = {
      rows: (rows) => {
        fold.fold(rows.columns, 0, rows.length)
        fold.addMalformed(rows.malformed.count)
      },
      end: () => fold.end(),
    }
  }

  get elapsedOrbits(): number {
    return this.fold.elapsedOrbits
  }

  /** Folds the messages before a result that no other covers, and forgets what they count. */
  async skipTo(reader: PartitionReader, found: Result): Promise<void> {
    const { from } = rangeOf(found)
    if (this.position >= from) return
    await this.readTo(reader, from)
    this.fold.sweep()
    this.fold.tally.take({ ...found, run: this.fold.run })
  }

  /** Folds the messages before offset `to`. */
  async readTo(reader: PartitionReader, to: number): Promise<void> {
    while (this.position < to) {
      if (!this.batch || this.done === this.batch.count) {
        this.batch = await reader.next(WAIT_MS)
        if (!this.batch) return
        this.done = 0
      }
      const stop = indexOfOffset(this.batch, to)
      parseMessages(this.batch, this.done, stop, this.settings.run.raw_word, this.rows, this.consumer)
      this.done = stop
      this.position = stop === this.batch.count ? this.batch.nextOffset : to
    }
  }

  take(found: Result): Result {
    const { fold } = this
    fold.sweep()
    const { watermark } = rangeOf(found)
    if (watermark === fold.time && fold.tally.orbitCount < found.orbits.count) fold.closeIdle()
    return fold.tally.take({ ...found, run: fold.run })
  }
}
