const LENGTH_BYTES = 4

/** Counts answers in a stream: each is its length in four bytes, and so many bytes. */
export class AnswerCount {
  private readonly head = Buffer.alloc(LENGTH_BYTES)
  private headBytes = 0
  /** of the answer that has begun */
  private bytesLeft = 0

  /** @returns how many answers these bytes complete */
  add(data: Uint8Array): number {
    let count = 0
    for (let at = 0; at < data.length; ) {
      if (this.bytesLeft === 0) at = this.readHead(data, at)
      else {
        const step = Math.min(this.bytesLeft, data.length - at)
        at += step
        this.bytesLeft -= step
        if (this.bytesLeft === 0) count++
      }
    }
    return count
  }

  private readHead(data: Uint8Array, at: number): number {
    this.head[this.headBytes++] = data[at]
    if (this.headBytes === LENGTH_BYTES) {
      this.headBytes = 0
      this.bytesLeft = this.head.readInt32BE(0)
    }
    return at + 1
  }
}
