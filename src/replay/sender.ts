import { malformedWithin } from '../core/rows/malformed-within.js'
import { OrbitPartitioner } from '../core/rows/partition-of.js'
import type { PartBlock } from '../sources/read-parts.js'
import { PartitionWriter } from './partition-writer.js'
import type { ReplayOptions } from './replay-options.js'
import { type ReplayProgress, startOf } from './replay-progress.js'
import { createRowWriter, type RowWriter } from './row-formats.js'

/** Puts rows into messages and appends them, in one transaction with the progress that they make. */
export class Sender {
  progress: ReplayProgress
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

  /** Rows [from, to) of the block, and the records among them that could not be read. */
  async send(block: PartBlock, from: number, to: number): Promise<void> {
    this.write(block, from, to)
    const { rows, base, next, part, partIndex } = block
    const [first, last] = malformedWithin(rows, from, to)
    const { progress } = this
    await this.append({
      ...progress,
      rows: progress.rows + to - from,
      malformed: progress.malformed + last - first,
      position: { part: partIndex, id: part.id, at: to === rows.length ? next : base + rows.end[to - 1] },
      done: false,
    })
  }

  /** The end of every partition's rows, for now or for good. */
  async sendEndMarks(changes: Partial<ReplayProgress>): Promise<void> {
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
