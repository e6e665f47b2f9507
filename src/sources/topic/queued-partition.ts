import { FULL_QUEUE } from '../../core/orbits/round-plan.js'
import { createRowBuffer, type RowBuffer } from '../../core/rows/row-buffer.js'
import { RowQueue } from '../../core/rows/row-queue.js'
import { type ChamberMap, createChamberMap } from '../../core/run-file/chamber-map.js'
import type { RawWord, RunFile } from '../../core/run-file/run-file.js'
import type { Log, PartitionReader } from '../../log/log.js'
import { nextPromised } from '../../log/promised.js'
import type { MergedPart } from '../merge/merged-rows.js'

export interface PartitionExtent {
  topic: string
  partition: number
  /** first offset to be read, and the one after the last */
  start: number
  end: number
}

/** The partitions of a topic, to be merged. */
export function queuedPartitions(log: Log, extents: readonly PartitionExtent[], run: RunFile): MergedPart[] {
  const map = createChamberMap(run)
  const block = createRowBuffer()
  return extents.map((extent) => new QueuedPartition(log, extent, map, run.raw_word, block))
}

/** One partition of a topic up to an offset, as far as it was read ahead. */
class QueuedPartition implements MergedPart {
  readonly queue: RowQueue
  /** nobody comes back from silence here */
  readonly past = undefined
  readonly pastRun = 0
  private reader: PartitionReader | undefined

  constructor(
    private readonly log: Log,
    private readonly extent: PartitionExtent,
    map: ChamberMap,
    raw: RawWord,
    block: RowBuffer,
  ) {
    this.queue = new RowQueue(map, raw, block, extent.start)
  }

  get isRead(): boolean {
    return this.queue.end >= this.extent.end
  }

  /** The others need not wait for it: nothing more will come, or there is no room for more. */
  get isSilent(): boolean {
    return this.isRead || this.queue.size >= FULL_QUEUE
  }

  async fill(): Promise<void> {
    const { topic, partition, start } = this.extent
    while (!this.isSilent) {
      this.reader ??= await this.log.reader(topic, partition, start)
      const batch = await nextPromised(this.reader, { topic, partition, offset: this.queue.end })
      this.queue.append(batch, () => undefined)
    }
  }

  async close(): Promise<void> {
    await this.reader?.close()
  }
}
