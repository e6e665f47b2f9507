import type { HitRecorder } from '../core/hits/hit-recorder.js'
import { LaneFold } from '../core/orbits/lane-fold.js'
import { indexOfOffset, type MessageBatch } from '../core/rows/message-batch.js'
import { parseMessages, type RowConsumer } from '../core/rows/parse-messages.js'
import { createRowBuffer, type RowBuffer } from '../core/rows/row-buffer.js'
import { type FoldSettings, foldOptions } from './fold-settings.js'
import type { Counted } from './lane-counts.js'
import type { LaneStart } from './lane-start.js'
import { type MalformedSample, tellMalformed } from './malformed-samples.js'

export interface BatchFoldOptions extends FoldSettings {
  /** gets the hits that are counted */
  recorder?: HitRecorder | undefined
  /** a record that cannot be read is an error */
  strict: boolean
  onMalformed(samples: MalformedSample[]): void
}

const BLOCK_ROWS = 16_384

/** Folds the messages of a lane, batch by batch; those before `countFrom` only rebuild the open orbits. */
export class BatchFold {
  readonly fold: LaneFold
  /** when the oldest row was appended that was counted since this was last taken away */
  oldestRowMs: number | undefined
  private readonly rows = createRowBuffer(BLOCK_ROWS)
  private readonly countFrom: number

  /** @param counted gets rows and malformed records as they come */
  constructor(
    { state, parts: [{ readFrom, countFrom }] }: LaneStart,
    private readonly options: BatchFoldOptions,
    private readonly counted: Counted,
  ) {
    this.fold = new LaneFold(foldOptions(options), state)
    this.countFrom = countFrom
    if (readFrom >= countFrom) this.fold.startCounting()
  }

  /** @throws ExpectedError for a record that cannot be read, with `strict` */
  add(batch: MessageBatch): void {
    const { fold, countFrom } = this
    fold.beginBatch(batch.firstOffset)
    const split = fold.counting ? 0 : indexOfOffset(batch, countFrom)
    if (split > 0) this.addMessages(batch, 0, split)
    if (batch.nextOffset >= countFrom) fold.startCounting()
    if (split < batch.count) this.addMessages(batch, split, batch.count)
  }

  private addMessages(batch: MessageBatch, from: number, to: number): void {
    const { fold } = this
    const consumer: RowConsumer = {
      rows: (rows) => {
        fold.fold(rows.columns, 0, rows.length)
        fold.addMalformed(rows.malformed.count)
        if (fold.counting) this.count(rows, batch)
      },
      end: () => fold.end(),
    }
    parseMessages(batch, from, to, this.options.run.raw_word, this.rows, consumer)
  }

  private count({ length, malformed }: RowBuffer, batch: MessageBatch): void {
    this.counted.read += length + malformed.count
    this.counted.malformed += malformed.count
    this.oldestRowMs = Math.min(this.oldestRowMs ?? batch.appendedAtMs, batch.appendedAtMs)
    if (malformed.count > 0) tellMalformed(malformed, batch, this.options)
  }
}
