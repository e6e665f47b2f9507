/** Records of a batch as columns: record i has the value bytes[start[i], end[i]). */
export interface Records {
  count: number
  start: Uint32Array
  end: Uint32Array
  kind: Uint8Array
  firstOffset: number
  /** only where offsets have holes */
  offsets?: Float64Array
}

/** Collects records, at most `capacity` of them, whose offsets are counted from the batch's first. */
export class RecordColumns {
  private readonly start: Uint32Array
  private readonly end: Uint32Array
  private readonly kind: Uint8Array
  private readonly capacity: number
  private count = 0
  private firstDelta = 0
  private deltas: Float64Array | undefined

  constructor(capacity: number) {
    this.capacity = capacity
    this.start = new Uint32Array(capacity)
    this.end = new Uint32Array(capacity)
    this.kind = new Uint8Array(capacity)
  }

  add(delta: number, start: number, end: number, kind: number): void {
    const i = this.count++
    this.start[i] = start
    this.end[i] = end
    this.kind[i] = kind
    if (i === 0) this.firstDelta = delta
    else if (this.deltas || delta !== this.firstDelta + i) this.addDelta(i, delta)
  }

  /** Of the first hole on, every offset is written down. */
  private addDelta(i: number, delta: number): void {
    this.deltas ??= new Float64Array(this.capacity).map((_, before) => this.firstDelta + before)
    this.deltas[i] = delta
  }

  records(baseOffset: number): Records {
    const { count, deltas } = this
    return {
      count,
      start: this.start.subarray(0, count),
      end: this.end.subarray(0, count),
      kind: this.kind.subarray(0, count),
      firstOffset: baseOffset + this.firstDelta,
      ...(deltas ? { offsets: deltas.subarray(0, count).map((delta) => baseOffset + delta) } : {}),
    }
  }
}
