import type { RowCounts } from '../../core/results/result.js'
import { emptyRowCounts } from '../../core/results/row-counts.js'
import { indexOfOffset, offsetOf } from '../../core/rows/message-batch.js'
import { parseMessages } from '../../core/rows/parse-messages.js'
import { createRowBuffer, type RowBuffer } from '../../core/rows/row-buffer.js'
import { type ChamberMap, SCINTILLATOR, UNMAPPED } from '../../core/run-file/chamber-map.js'
import { type RunFile, TDC_PER_BX } from '../../core/run-file/run-file.js'
import type { PartitionReader } from '../../log/log.js'
import { nextPromised } from '../../log/promised.js'
import type { BatchChain } from './batch-chain.js'
import type { JobAudit } from './job-audit.js'
import type { JobWindows } from './job-windows.js'
import { SIGNAL } from './window-rows.js'

export interface PartitionReadingOptions {
  topic: string
  partition: number
  reader: PartitionReader
  /** offsets [from, to) are read */
  from: number
  to: number
  run: RunFile
  map: ChamberMap
  audit: JobAudit
  chain: BatchChain
  /** one begun after the other, each with the offset at which it began in this partition */
  jobs: readonly { since: number; windows: JobWindows }[]
}

/** HEAD of a hit or scintillator signal; every other HEAD is ancillary. */
const HIT_HEAD = 2

/** One partition's rows, read on a piece at a time: their classes for its results of rows, its hits and signals for windows. */
export class PartitionReading {
  /** number of the job that reads here; -1 before the first of which a window has closed */
  job = -1
  /** the lowest orbit of the batch before, counted on through the wrap: as a rule, the next rows are not behind it */
  orbit = 0
  private offset: number
  private readonly block = createRowBuffer(16_384)
  private rows: RowCounts = emptyRowCounts()
  private lowest = Number.POSITIVE_INFINITY
  /** rows and malformed records of the block that were taken */
  private taken = 0
  private malformed = 0

  constructor(private readonly options: PartitionReadingOptions) {
    this.offset = options.from
    this.enterJob(options.from)
  }

  get isAtEnd(): boolean {
    return this.offset >= this.options.to
  }

  /** Takes the next batch of messages, and gives the number of rows in it. */
  async readOn(): Promise<number> {
    const { topic, partition, reader, to, run, chain } = this.options
    const batch = await nextPromised(reader, { topic, partition, offset: this.offset })
    let message = indexOfOffset(batch, this.offset)
    let read = 0
    this.startBlock()
    parseMessages(batch, message, indexOfOffset(batch, to), run.raw_word, this.block, {
      rows: (block) => {
        this.takeRows(block, offsetOf(batch, message))
        this.startBlock()
      },
      end: () => undefined,
      message: (index, block) => {
        const offset = offsetOf(batch, index)
        this.takeRows(block, offset)
        if (this.rows.read > 0) chain.take(offset, this.rows)
        read += this.rows.read
        this.rows = emptyRowCounts()
        message = index + 1
      },
    })
    if (this.lowest < Number.POSITIVE_INFINITY) this.orbit = this.lowest
    this.lowest = Number.POSITIVE_INFINITY
    this.offset = batch.nextOffset
    return read
  }

  close(): Promise<void> {
    return this.options.reader.close()
  }

  private startBlock(): void {
    this.taken = this.malformed = 0
  }

  /** Takes what the block has beyond what was taken: rows of the message at an offset. */
  private takeRows(block: RowBuffer, offset: number): void {
    this.enterJob(offset)
    const malformed = block.malformed.count - this.malformed
    this.rows.read += block.length - this.taken + malformed
    this.rows.malformed += malformed
    for (let row = this.taken; row < block.length; row++) this.takeRow(block, row)
    this.taken = block.length
    this.malformed = block.malformed.count
  }

  private takeRow({ columns: { head, fpga, channel, orbit, bx, tdc } }: RowBuffer, row: number): void {
    const { target, cell } = this.options.map
    if (head[row] !== HIT_HEAD) {
      this.rows.ancillary++
      return
    }
    const key = (fpga[row] << 9) | channel[row]
    const place = fpga[row] > 15 || channel[row] > 511 ? UNMAPPED : target[key]
    if (place === UNMAPPED) {
      this.rows.unmapped++
      return
    }
    const isSignal = place === SCINTILLATOR
    if (isSignal) this.rows.scintillator++
    else this.rows.hits++
    this.takeEvent(orbit[row], isSignal ? SIGNAL : (place << 6) | cell[key], TDC_PER_BX * bx[row] + tdc[row])
  }

  private takeEvent(onWire: number, cell: number, time: number): void {
    const { jobs, partition } = this.options
    const windows = jobs[this.job]?.windows
    if (windows === undefined) this.noteWithoutJob(cell)
    else {
      const orbit = windows.countedOn(onWire)
      if (windows.add(partition, orbit, cell, time)) this.lowest = Math.min(this.lowest, orbit)
    }
  }

  /** Windows of a job that another has followed close no more. */
  private noteWithoutJob(cell: number): void {
    const { audit, jobs } = this.options
    if (cell === SIGNAL) return
    if (jobs.length === 0) audit.openHits++
    else audit.lostHits++
  }

  private enterJob(offset: number): void {
    const { jobs } = this.options
    while (this.job + 1 < jobs.length && offset >= jobs[this.job + 1].since) {
      this.job++
      this.orbit = jobs[this.job].windows.firstOrbit
      this.lowest = Number.POSITIVE_INFINITY
    }
  }
}
