export interface TimeSlotsOptions<Slot> {
  /** how long a slot is at first, ms */
  stepMs: number
  /** slots that are kept; where time goes on beyond, each two become one */
  most: number
  make(): Slot
  /** adds the second slot to the first */
  merge(into: Slot, slot: Slot): void
}

/**
 * Time since 1970 cut into slots of one length, slot n being (n - 1) * stepMs < t <= n * stepMs. Whatever stretch of time is
 * covered, there are no more than so many: the length doubles as often as it takes, and what was in the slots stays as exact
 * as it was, at the edges that are left.
 */
export class TimeSlots<Slot> {
  stepMs: number
  /** numbers of the first slot and of the last */
  first = Number.POSITIVE_INFINITY
  last = Number.NEGATIVE_INFINITY
  private slots = new Map<number, Slot>()

  constructor(private readonly options: TimeSlotsOptions<Slot>) {
    this.stepMs = options.stepMs
  }

  /** The slot that holds a moment. */
  numberOf(ms: number): number {
    return Math.ceil(ms / this.stepMs)
  }

  /** Makes room for both moments. */
  cover(fromMs: number, toMs: number): void {
    this.first = Math.min(this.first, this.numberOf(fromMs))
    this.last = Math.max(this.last, this.numberOf(toMs))
    while (this.last - this.first >= this.options.most) this.double()
  }

  /** A slot that is covered, made on first use. */
  at(number: number): Slot {
    const slot = this.slots.get(number) ?? this.options.make()
    this.slots.set(number, slot)
    return slot
  }

  /** A slot, where there is something in it. */
  filled(number: number): Slot | undefined {
    return this.slots.get(number)
  }

  private double(): void {
    const slots = new Map<number, Slot>()
    for (const [number, slot] of this.slots) {
      const half = Math.ceil(number / 2)
      const known = slots.get(half)
      if (known === undefined) slots.set(half, slot)
      else this.options.merge(known, slot)
    }
    this.slots = slots
    this.stepMs *= 2
    this.first = Math.ceil(this.first / 2)
    this.last = Math.ceil(this.last / 2)
  }
}
