import { malformedWithin } from '../core/rows/malformed-within.js'
import { OrbitPartitioner } from '../core/rows/partition-of.js'
import type { OutgoingBatch } from '../log/log.js'
import type { PartBlock } from '../sources/read-parts.js'
import { PartitionWriter } from './partition-writer.js'
import type { ReplayOptions } from './replay-options.js'
import { type ReplayProgress, startOf } from './replay-progress.js'
import { createRowWriter, type RowWriter } from './row-formats.js'

/** Where there is no pace, so many bytes go at once: an append costs time of its own, however small it is. */
const BYTES_AT_ONCE = 8 * 1024 * 1024

/** Puts rows into messages and appends them, in one transaction with the progress that they make. */
export class Sender {
  /** of what was appended, and of what will be with the next call of `flush` */
  progress: ReplayProgress
  private hasMore = false
  /** what rows are put into, and what is on its way meanwhile */
  private readonly loads: [Load, Load]
  private loading = 0
  private onItsWay: Promise<void> = Promise.resolve()

  constructor(private readonly options: ReplayOptions) {
    this.progress = options.from ?? startOf(options.parts)
    this.loads = [createLoad(options), createLoad(options)]
  }

  private get load(): Load {
    return this.loads[this.loading]
  }

  /** Records that this replay is the last one from now on, whatever an earlier one came to. */
  async begin(): Promise<void> {
    this.hasMore = true
    await this.flush()
  }

  /**
   * Rows [from, to) of the block, and the records among them that could not be read: at once, or, where there is no pace,
   * when there are many.
   */
  async send(block: PartBlock, from: number, to: number): Promise<void> {
    this.load.write(block, from, to)
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
    const bytes = this.load.writers.reduce((sum, writer) => sum + writer.size, 0)
    const mayWait = batch === undefined && pacer.wantedRate === Number.POSITIVE_INFINITY
    if (!mayWait) await this.flush()
    else if (bytes >= BYTES_AT_ONCE) await this.dispatch()
  }

  /** Appends what has not been yet. */
  async flush(): Promise<void> {
    if (this.hasMore) await this.dispatch()
    await this.onItsWay
  }

  /** The end of every partition's rows, for now or for good. */
  async sendEndMarks(changes: Partial<ReplayProgress>): Promise<void> {
    await this.flush()
    for (const writer of this.load.writers) writer.finishEndMark()
    this.progress = { ...this.progress, ...changes }
    this.hasMore = true
    await this.flush()
  }

  /** Lets what is ready go, once what went before has arrived; the next rows can be put together meanwhile. */
  private async dispatch(): Promise<void> {
    // nothing goes behind an append that failed
    await this.onItsWay
    const { writers } = this.load
    const batches = writers.filter((writer) => !writer.isEmpty).map((writer) => writer.take())
    this.loading = 1 - this.loading
    this.hasMore = false
    this.onItsWay = this.append(batches, this.progress)
    // whoever waits for it next is told
    this.onItsWay.catch(() => undefined)
  }

  private async append(batches: readonly OutgoingBatch[], progress: ReplayProgress): Promise<void> {
    const { log, topic, progressKey, onProgress } = this.options
    await log.append(topic, batches, { key: progressKey, value: progress })
    onProgress(progress)
  }
}

/** Rows as messages, by partition. */
interface Load {
  writers: readonly PartitionWriter[]
  write: RowWriter
}

function createLoad({ partitions, format, run }: ReplayOptions): Load {
  const writers = Array.from({ length: partitions }, (_, partition) => new PartitionWriter(partition))
  return { writers, write: createRowWriter(format, writers, new OrbitPartitioner(partitions), run) }
}
