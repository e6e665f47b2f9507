/** The clock may be set back by this much before what was kept by it is dropped. */
const TOLERANCE_S = 5

/** One slot for each of the last `length` seconds, used again in turn, so that memory stays what it is. */
export class SecondRing<Slot> {
  private readonly slots: (Slot | undefined)[]
  private latest = Number.NEGATIVE_INFINITY

  /** `empty` is called with a slot whose second has passed out of the ring. */
  constructor(
    readonly length: number,
    private readonly make: () => Slot,
    private readonly empty: (slot: Slot) => void,
  ) {
    this.slots = Array.from({ length }, () => undefined)
  }

  /** Makes room up to this second (since 1970). */
  advance(second: number): void {
    if (second < this.latest - TOLERANCE_S) this.clear()
    for (let s = Math.max(this.latest + 1, second - this.length + 1); s <= second; s++) this.emptySlot(s)
    this.latest = Math.max(this.latest, second)
  }

  /** The slot of a second, made on first use; undefined outside the ring. */
  at(second: number): Slot | undefined {
    if (second > this.latest || second <= this.latest - this.length) return undefined
    const index = second % this.length
    this.slots[index] ??= this.make()
    return this.slots[index]
  }

  /** The slot of a second, where there is one. */
  filled(second: number): Slot | undefined {
    if (second > this.latest || second <= this.latest - this.length) return undefined
    return this.slots[second % this.length]
  }

  clear(): void {
    for (const slot of this.slots) if (slot !== undefined) this.empty(slot)
    this.latest = Number.NEGATIVE_INFINITY
  }

  private emptySlot(second: number): void {
    const slot = this.slots[second % this.length]
    if (slot !== undefined) this.empty(slot)
  }
}
