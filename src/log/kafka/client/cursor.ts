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

  /** Unsigned, seven bits a byte, the lowest first. */
  uvarint(): number {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = this.int8()
      value += (byte & 0x7f) * factor
      if (byte >= 0) return value
    }
  }

  compactString(): string | null {
    const length = this.uvarint() - 1
    if (length < 0) return null
    this.at += length
    return this.bytes.toString('utf8', this.at - length, this.at)
  }

  /** An array that is null is empty. */
  compactArray<T>(read: () => T): T[] {
    const items: T[] = []
    for (let left = this.uvarint() - 1; left > 0; left--) items.push(read())
    return items
  }

  /** Tagged fields, of which none is known here. */
  tags(): void {
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint()
      this.at += this.uvarint()
    }
  }

  /** An array that is null is empty. */
  array<T>(read: () => T): T[] {
    const items: T[] = []
    for (let left = this.int32(); left > 0; left--) items.push(read())
    return items
  }
}
