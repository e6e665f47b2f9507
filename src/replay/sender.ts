import { malformedWithin } from '../core/rows/malformed-within.js'
import { OrbitPartitioner } from '../core/rows/partition-of.js'
import type { PartBlock } from '../sources/read-parts.js'
import { PartitionWriter } from './partition-writer.js'
import type { ReplayOptions } from './replay-options.js'
import { type ReplayProgress, startOf } from './replay-progress.js'
import { createRowWriter, type RowWriter } from './row-formats.js'

/** Where there is no pace, so many bytes go at once: an append costs time of its own, however small it is. */
const BYTES_AT_ONCE = 4 * 1024 * 1024

/** Puts rows into messages and appends them, in one transaction with the progress that they make. */
export class Sender {
  /** of what was appended, and of what will be with the next call of `flush` */
  progress: ReplayProgress
  private hasMore = false
  private readonly writers: PartitionWriter[]
  private readonly write: RowWriter

  constructor(private readonly options: ReplayOptions) {
    const { partitions, format, run } = options
    this.progress = options.from ?? startOf(options.parts)
    this.writers = Array.from({ length: partitions }, (_, partition) => new PartitionWriter(partition))
    this.write = createRowWriter(format, this.writers, new OrbitPartitioner(partitions), run)
  }

  /** Records that this replay is the last one from now on, whatever an earlier one came to. */
  async begin(): Promise<void> {
    await this.append(this.progress)
  }

  /**
   * Rows [from, to) of the block, and the records among them that could not be read: at once, or, where there is no pace,
   * when there are many.
   */
  async send(block: PartBlock, from: number, to: number): Promise<void> {
    this.write(block, from, to)
    const { rows, base, next, part, partIndex } = block
    const [first, last] = malformedWithin(rows, from, to)
    const { progress } = this
    this.progress = {
      ...progress,
      rows: progress.rows + to - from,
      malformed: progress.malformed + last - first,
      position: { part: partIndex, id: part.id, at: to === rows.length ? next : base + rows.end[to - 1] },
      done: false,
    }
    this.hasMore = true
    const { batch, pacer } = this.options
    const bytes = this.writers.reduce((sum, writer) => sum + writer.size, 0)
    const mayWait = batch === undefined && pacer.wantedRate === Number.POSITIVE_INFINITY
    if (!mayWait || bytes >= BYTES_AT_ONCE) await this.flush()
  }

  /** Appends what has not been yet. */
  async flush(): Promise<void> {
    if (!this.hasMore) return
    // an append that fails is not tried again: its rows are not there any more
    this.hasMore = false
    await this.append(this.progress)
  }

  /** The end of every partition's rows, for now or for good. */
  async sendEndMarks(changes: Partial<ReplayProgress>): Promise<void> {
    await this.flush()
    for (const writer of this.writers) writer.finishEndMark()
    await this.append({ ...this.progress, ...changes })
  }

  private async append(progress: ReplayProgress): Promise<void> {
    const { log, topic, progressKey, onProgress } = this.options
    const batches = this.writers.filter((writer) => !writer.isEmpty).map((writer) => writer.take())
    await log.append(topic, batches, { key: progressKey, value: progress })
    this.progress = progress
    onProgress(progress)
  }
}
