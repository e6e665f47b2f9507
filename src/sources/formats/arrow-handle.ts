import type { Stored } from '../stored.js'
import type { ByteFeed } from './byte-feed.js'

/** Where footers are. */
const TAIL_BYTES = 1 << 16
const PASS_BYTES = 1 << 18

/**
 * What Arrow's reader needs of an open file, over anything that is stored: a look at its ends, then its bytes from the first to the
 * last in one go.
 */
export class ArrowHandle {
  /** by this the reader knows a file */
  readonly fd = -1
  private at = 0
  private isGoingOn = false

  private constructor(
    private readonly stored: Stored,
    readonly size: number,
    private readonly feed: ByteFeed,
    private readonly tail: Uint8Array,
  ) {}

  static async open(stored: Stored, size: number): Promise<ArrowHandle> {
    const tail = await stored.look(Math.max(0, size - TAIL_BYTES), TAIL_BYTES)
    return new ArrowHandle(stored, size, await stored.open(0), tail)
  }

  async stat(): Promise<{ size: number }> {
    return { size: this.size }
  }

  /** Fills target[offset, offset + length), or as much of it as there is. */
  async read(target: Uint8Array, offset: number, length: number, position: number) {
    const into = target.subarray(offset, offset + length)
    const bytesRead =
      this.isGoingOn && position >= this.at ? await this.goOn(into, position) : await this.look(into, position)
    if (bytesRead === 0 && length > 0) throw new Error('it ends too soon')
    return { bytesRead, buffer: target }
  }

  /** From now on bytes are read in their order. */
  goOnFromHere(): void {
    this.isGoingOn = true
  }

  /** Reads what is left, so that what checks the bytes sees all of them. */
  async drain(): Promise<void> {
    await this.passTo(Number.POSITIVE_INFINITY)
  }

  close(): Promise<void> {
    return this.feed.close()
  }

  private async goOn(into: Uint8Array, position: number): Promise<number> {
    await this.passTo(position)
    const count = await this.feed.fill(into, 0)
    this.at += count
    return count
  }

  private async passTo(position: number): Promise<void> {
    const passed = new Uint8Array(PASS_BYTES)
    while (this.at < position) {
      const count = await this.feed.fill(passed.subarray(0, Math.min(PASS_BYTES, position - this.at)), 0)
      if (count === 0) return
      this.at += count
    }
  }

  private async look(into: Uint8Array, position: number): Promise<number> {
    const inTail = position - (this.size - this.tail.length)
    const found =
      inTail >= 0 ? this.tail.subarray(inTail, inTail + into.length) : await this.stored.look(position, into.length)
    into.set(found)
    return found.length
  }
}
