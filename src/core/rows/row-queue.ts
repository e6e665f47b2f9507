import { type ChamberMap, UNMAPPED } from '../run-file/chamber-map.js'
import type { RawWord } from '../run-file/run-file.js'
import { MESSAGE_KIND, type MessageBatch, offsetOf } from './message-batch.js'
import { parseMessages } from './parse-messages.js'
import { type Columns, createColumns, type RowBuffer } from './row-buffer.js'

/** What a message does to the lane's time. */
export const STEP = { none: 0, event: 1, endMark: 2 } as const

/** Rows of whole messages, as they are taken from a queue. They stay as they are until more is appended. */
export interface TakenRows {
  columns: Columns
  from: number
  to: number
  malformed: number
  /** with an end mark among them */
  hasEndMark: boolean
}

/** HEAD of a hit or scintillator signal. */
const EVENT_HEAD = 2

/** Messages of one partition that were read but not folded yet, as columns. Messages are taken whole. */
export class RowQueue {
  /** index of the first message that was not taken, and the one behind the last */
  first = 0
  count = 0
  /** STEP of each message, and the orbit of its first hit or scintillator signal */
  step = new Uint8Array(0)
  orbit = new Uint32Array(0)
  /** when each message was appended, ms since 1970 */
  appendedAtMs = new Float64Array(0)
  private offset = new Float64Array(0)
  private rowEnd = new Uint32Array(0)
  private malformedEnd = new Uint32Array(0)
  private columns = createColumns(0)
  private rows = 0
  private malformed = 0

  /** @param end offset of the first message that is to be appended */
  constructor(
    private readonly map: ChamberMap,
    private readonly raw: RawWord,
    private readonly block: RowBuffer,
    public end: number,
  ) {}

  get isEmpty(): boolean {
    return this.first === this.count
  }

  /** Rows and messages that wait here. */
  get size(): number {
    return this.rows - before(this.rowEnd, this.first) + this.count - this.first
  }

  /** @param onMalformed told of records that could not be read, block by block */
  append(batch: MessageBatch, onMalformed: (block: RowBuffer) => void): void {
    this.makeRoom(batch.count)
    let row = this.rows
    parseMessages(batch, 0, batch.count, this.raw, this.block, {
      rows: (block) => {
        this.addRows(block)
        if (block.malformed.count > 0) onMalformed(block)
      },
      end: () => undefined,
      message: (i, block) => {
        this.offset[this.count + i] = offsetOf(batch, i)
        this.rowEnd[this.count + i] = this.rows + block.length
        this.malformedEnd[this.count + i] = this.malformed + block.malformed.count
      },
    })
    for (let i = 0; i < batch.count; i++) {
      this.appendedAtMs[this.count] = batch.appendedAtMs
      this.noteStep(this.count, row, batch.kind[i] === MESSAGE_KIND.end)
      row = this.rowEnd[this.count++]
    }
    this.end = batch.nextOffset
  }

  /** Rows that came in no messages: those of one orbit that follow each other count as one. Their offsets are their numbers. */
  appendRows(block: RowBuffer): void {
    const { length, columns } = block
    this.makeRoom(length)
    const first = this.rows
    let row = first
    this.addRows(block)
    for (let i = 1; i <= length; i++) {
      if (i < length && columns.orbit[i] === columns.orbit[i - 1]) continue
      this.addMessage(this.end + row - first, first + i)
      this.noteStep(this.count, row, false)
      row = this.rowEnd[this.count++]
    }
    this.end += length
  }

  /** An end mark behind rows that came in no messages. */
  appendEndMark(): void {
    this.makeRoom(1)
    this.addMessage(this.end, this.rows)
    this.noteStep(this.count++, this.rows, true)
  }

  /** Takes the messages before index `to`. */
  take(to: number): TakenRows {
    const from = before(this.rowEnd, this.first)
    const malformed = before(this.malformedEnd, to) - before(this.malformedEnd, this.first)
    const hasEndMark = this.step.subarray(this.first, to).includes(STEP.endMark)
    this.first = to
    return { columns: this.columns, from, to: before(this.rowEnd, to), malformed, hasEndMark }
  }

  /** Where the partition goes on behind the messages before index `to`. */
  offsetAt(to: number): number {
    return to === this.count ? this.end : this.offset[to]
  }

  /** The index of the first message that waits here and has an offset of at least `offset`; `count` where there is none. */
  indexOf(offset: number): number {
    let index = this.first
    while (index < this.count && this.offset[index] < offset) index++
    return index
  }

  private addMessage(offset: number, rowEnd: number): void {
    this.offset[this.count] = offset
    this.rowEnd[this.count] = rowEnd
    this.malformedEnd[this.count] = this.malformed
    this.appendedAtMs[this.count] = 0
  }

  private noteStep(index: number, firstRow: number, isEndMark: boolean): void {
    const { head, fpga, channel, orbit } = this.columns
    const { target } = this.map
    this.step[index] = isEndMark ? STEP.endMark : STEP.none
    for (let row = firstRow; row < this.rowEnd[index]; row++) {
      if (head[row] !== EVENT_HEAD || fpga[row] > 15 || channel[row] > 511) continue
      if (target[(fpga[row] << 9) | channel[row]] === UNMAPPED) continue
      this.step[index] = STEP.event
      this.orbit[index] = orbit[row]
      return
    }
  }

  /** Moves what waits here to the front, and makes room for more messages. */
  private makeRoom(messages: number): void {
    const { first, count } = this
    const rowsGone = before(this.rowEnd, first)
    const malformedGone = before(this.malformedEnd, first)
    const size = count - first + messages
    this.step = moved(this.step, first, count, size, (n) => new Uint8Array(n))
    this.orbit = moved(this.orbit, first, count, size, (n) => new Uint32Array(n))
    this.appendedAtMs = moved(this.appendedAtMs, first, count, size, (n) => new Float64Array(n))
    this.offset = moved(this.offset, first, count, size, (n) => new Float64Array(n))
    this.rowEnd = moved(this.rowEnd, first, count, size, (n) => new Uint32Array(n))
    this.malformedEnd = moved(this.malformedEnd, first, count, size, (n) => new Uint32Array(n))
    this.columns = movedColumns(this.columns, rowsGone, this.rows, this.rows - rowsGone)
    this.first = 0
    this.count = count - first
    this.rows -= rowsGone
    this.malformed -= malformedGone
    for (let i = 0; i < this.count; i++) {
      this.rowEnd[i] -= rowsGone
      this.malformedEnd[i] -= malformedGone
    }
  }

  private addRows({ columns, length, malformed }: RowBuffer): void {
    const size = this.rows + length
    if (size > this.columns.head.length) this.columns = movedColumns(this.columns, 0, this.rows, size)
    for (const name of COLUMNS) this.columns[name].set(columns[name].subarray(0, length), this.rows)
    this.rows = size
    this.malformed += malformed.count
  }
}

const COLUMNS = ['head', 'fpga', 'channel', 'orbit', 'bx', 'tdc'] as const

/** The sum up to an index. */
function before(ends: Uint32Array, index: number): number {
  return index === 0 ? 0 : ends[index - 1]
}

type Numbers = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

/** [from, to) at the front of an array of at least `size`: the same one, or a larger one. */
function moved<T extends Numbers>(old: T, from: number, to: number, size: number, create: (size: number) => T): T {
  if (size <= old.length) {
    old.copyWithin(0, from, to)
    return old
  }
  const fresh = create(2 * size)
  fresh.set(old.subarray(from, to))
  return fresh
}

function movedColumns(old: Columns, from: number, to: number, size: number): Columns {
  const columns = size <= old.head.length ? old : createColumns(2 * size)
  for (const name of COLUMNS) {
    if (columns === old) old[name].copyWithin(0, from, to)
    else columns[name].set(old[name].subarray(from, to))
  }
  return columns
}
