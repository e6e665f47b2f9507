import type { SavedHit } from './open-orbits.js'

/** How many stray orbits are kept at once; one more counts the oldest one's hits as late. */
export const MOST_STRAYS = 64

/**
 * An open orbit off the lane's time. Ahead of it by no more than `NEAR` it is `near` and waits for the time to come to
 * its `place`; any other waits until the time has gone on to `place` without the lane following it.
 */
export interface Stray {
  orbit: number
  place: number
  near: boolean
  /** where it is saved: what `OpenOrbits.hitsOf` gives; left out where its rows are to be read again */
  hits?: SavedHit[]
}

/** The strays of a lane, each with a slot of its own, oldest first. There are few: it is searched one by one. */
export class Strays {
  readonly entries: (Stray & { slot: number })[] = []
  /** orbits that idleness closed while they were strays, oldest first: rows of theirs that still come are late */
  closed: number[] = []
  private readonly freeSlots: number[]

  constructor(firstSlot: number) {
    this.freeSlots = Array.from({ length: MOST_STRAYS }, (_, i) => firstSlot + MOST_STRAYS - 1 - i)
  }

  get isFull(): boolean {
    return this.freeSlots.length === 0
  }

  /** The slot of a stray orbit, or -1. */
  slotOf(orbit: number): number {
    for (const entry of this.entries) if (entry.orbit === orbit) return entry.slot
    return -1
  }

  add(stray: Stray): number {
    const slot = this.freeSlots.pop()
    if (slot === undefined) throw new RangeError('no room for another stray orbit')
    this.entries.push({ orbit: stray.orbit, place: stray.place, near: stray.near, slot })
    return slot
  }

  remove(index: number): void {
    const [entry] = this.entries.splice(index, 1)
    this.freeSlots.push(entry.slot)
  }

  /** Removes all, and remembers as many of them as there can be. */
  removeAll(): void {
    this.closed = [...this.closed, ...this.entries.map(({ orbit }) => orbit)].slice(-MOST_STRAYS)
    while (this.entries.length > 0) this.remove(this.entries.length - 1)
  }

  /** The lowest place, at which something becomes of a stray. */
  get nextPlace(): number {
    let next = Number.POSITIVE_INFINITY
    for (const { place } of this.entries) if (place < next) next = place
    return next
  }
}
