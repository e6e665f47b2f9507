/** Reads big-endian fields one after the other. */
export class Cursor {
  at = 0

  constructor(private readonly bytes: Buffer) {}

  int8(): number {
    this.at += 1
    return this.bytes.readInt8(this.at - 1)
  }

  int16(): number {
    this.at += 2
    return this.bytes.readInt16BE(this.at - 2)
  }

  int32(): number {
    this.at += 4
    return this.bytes.readInt32BE(this.at - 4)
  }

  int64(): bigint {
    this.at += 8
    return this.bytes.readBigInt64BE(this.at - 8)
  }

  string(): string {
    const length = this.int16()
    this.at += length
    return this.bytes.toString('utf8', this.at - length, this.at)
  }

  buffer(): Buffer {
    const length = Math.max(0, this.int32())
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** An array that is null is empty. */
  array<T>(read: () => T): T[] {
    const items: T[] = []
    for (let left = this.int32(); left > 0; left--) items.push(read())
    return items
  }
}
