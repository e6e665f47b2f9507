import { LaneFold } from '../core/orbits/lane-fold.js'
import type { Result, TopicRange } from '../core/results/result.js'
import { indexOfOffset, type MessageBatch } from '../core/rows/message-batch.js'
import { parseMessages, type RowConsumer } from '../core/rows/parse-messages.js'
import { createRowBuffer } from '../core/rows/row-buffer.js'
import type { Log, PartitionReader, TopicInfo } from '../log/log.js'
import { type FoldSettings, foldOptions } from '../process/fold-settings.js'

/** What a result should be, beside what it is. */
export interface Recomputed {
  expected: Result
  found: Result
}

interface Options {
  log: Log
  raw: TopicInfo
  settings: FoldSettings
  signal: AbortSignal
}

/** Longest wait for rows that the topic says it has. */
const WAIT_MS = 5000

/**
 * Folds a lane's rows once, in one go, and cuts where its results were cut. Orbits that closed because nothing came are
 * closed at the same places: there the watermark of the result is the lane's time itself.
 */
export async function* recomputeLane(
  { log, raw, settings, signal }: Options,
  partition: number,
  results: readonly Result[],
): AsyncGenerator<Recomputed, void, void> {
  if (results.length === 0) return
  const lane = new Recomputation(settings)
  const reader = await log.reader(raw.name, partition, range(results[0]).from)
  try {
    for (const found of results) {
      if (signal.aborted) return
      await lane.readTo(reader, range(found).to)
      yield { expected: lane.take(found), found }
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
  private position = -1

  constructor(private readonly settings: FoldSettings) {
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

  /** Folds the messages before offset `to`. */
  async readTo(reader: PartitionReader, to: number): Promise<void> {
    while (this.position < to) {
      if (!this.batch || this.done === this.batch.count) {
        this.batch = await reader.next(WAIT_MS)
        if (!this.batch) return
        this.done = 0
        if (this.batch.firstOffset >= to) return
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
    const { watermark } = range(found)
    if (watermark === fold.time && fold.tally.orbitCount < found.orbits.count) fold.closeIdle()
    return fold.tally.take({ ...found, run: fold.run })
  }
}

function range({ source }: Result): TopicRange {
  return source[0] as TopicRange
}
