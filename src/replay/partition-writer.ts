import { MESSAGE_KIND, type OutgoingBatch } from '../log/log.js'

/** Messages for one partition, as they are put together. The arrays grow to what is needed and are used again. */
export class PartitionWriter {
  private bytes = new Uint8Array(1 << 14)
  private ends = new Uint32Array(1 << 10)
  private kinds = new Uint8Array(1 << 10)
  private keyStarts = new Uint32Array(1 << 10)
  private keyEnds = new Uint32Array(1 << 10)
  private length = 0
  private count = 0

  constructor(private readonly partition: number) {}

  get isEmpty(): boolean {
    return this.count === 0
  }

  /** Puts source[start, end) behind the open message. */
  write(source: Uint8Array, start: number, end: number): void {
    const size = end - start
    if (this.length + size > this.bytes.length) this.growBytes(this.length + size)
    const { bytes } = this
    let to = this.length
    if (size > 64) bytes.set(source.subarray(start, end), to)
    else for (let from = start; from < end; from++) bytes[to++] = source[from]
    this.length += size
  }

  /** Bytes in all messages since they were taken. */
  get size(): number {
    return this.length
  }

  /** Bytes in the open message. */
  get openBytes(): number {
    return this.length - this.openStart
  }

  private get openStart(): number {
    return this.count === 0 ? 0 : this.ends[this.count - 1]
  }

  /** Ends the open message. */
  finish(kind: number): void {
    this.finishWithKey(kind, 0, 0)
  }

  /** Ends the open message, whose key is its bytes [keyStart, keyEnd). */
  finishWithKey(kind: number, keyStart: number, keyEnd: number): void {
    if (this.count === this.ends.length) this.growMessages()
    const start = this.openStart
    this.keyStarts[this.count] = start + keyStart
    this.keyEnds[this.count] = start + keyEnd
    this.ends[this.count] = this.length
    this.kinds[this.count++] = kind
  }

  /** Ends the open message, if there is anything in it. */
  finishIfOpen(kind: number): void {
    if (this.openBytes > 0) this.finish(kind)
  }

  /** An end mark has no value. */
  finishEndMark(): void {
    this.finish(MESSAGE_KIND.end)
  }

  /** The messages so far; valid until the next write. */
  take(): OutgoingBatch {
    const { partition, count, length } = this
    this.count = 0
    this.length = 0
    return {
      partition,
      count,
      bytes: this.bytes.subarray(0, length),
      end: this.ends.subarray(0, count),
      kind: this.kinds.subarray(0, count),
      keys: { start: this.keyStarts.subarray(0, count), end: this.keyEnds.subarray(0, count) },
      keyedByOrbit: true,
    }
  }

  private growMessages(): void {
    this.ends = doubled(this.ends, Uint32Array)
    this.kinds = doubled(this.kinds, Uint8Array)
    this.keyStarts = doubled(this.keyStarts, Uint32Array)
    this.keyEnds = doubled(this.keyEnds, Uint32Array)
  }

  private growBytes(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}

function doubled<T extends Uint32Array | Uint8Array>(old: T, make: new (length: number) => T): T {
  const grown = new make(old.length * 2)
  grown.set(old)
  return grown
}
