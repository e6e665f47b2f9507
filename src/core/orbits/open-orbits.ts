import type { Tally } from '../results/tally.js'

/** Marks a slot without hits, and the end of a list of hits. */
const NONE = -1

/** Cell and time of a hit, or no cell and the time of the earliest scintillator signal. */
export type SavedHit = [cell: number | null, time: number]

/**
 * The hits of orbits that are still open, in slots; each slot is one orbit. All is typed arrays: a slot has the head
 * of a linked list of hits, a bit mask of distinct cells for each chamber and its earliest scintillator signal.
 * It knows nothing of time: which orbit has which slot, and when it closes, is `OrbitClock`'s.
 */
export class OpenOrbits {
  readonly open: Uint32Array
  /** number of the checkpoint at which the orbit's first row was read */
  readonly mark: Float64Array
  private readonly orbit: Uint32Array
  private readonly first: Int32Array
  private readonly last: Int32Array
  private readonly scintillator: Float64Array
  private readonly mask: Uint32Array
  private readonly words: number
  private hitCell = new Uint16Array(4096)
  private hitTime = new Float64Array(4096)
  private hitNext = new Int32Array(4096)
  private free = NONE
  private used = 0
  count = 0

  constructor(
    readonly slots: number,
    chambers: number,
  ) {
    this.words = 2 * chambers
    this.open = new Uint32Array((slots + 31) >>> 5)
    this.mark = new Float64Array(slots)
    this.orbit = new Uint32Array(slots)
    this.first = new Int32Array(slots).fill(NONE)
    this.last = new Int32Array(slots)
    this.scintillator = new Float64Array(slots).fill(Number.POSITIVE_INFINITY)
    this.mask = new Uint32Array(slots * this.words)
  }

  /** Hits for which there is memory: those of closed orbits make room for new ones, so it grows with the open ones only. */
  get capacity(): number {
    return this.hitCell.length
  }

  isOpen(slot: number): boolean {
    return ((this.open[slot >>> 5] >>> (slot & 31)) & 1) === 1
  }

  /** Opens the slot for `orbit` (as on the wire). The slot must be closed. */
  begin(slot: number, orbit: number, mark: number): void {
    this.open[slot >>> 5] |= 1 << (slot & 31)
    this.orbit[slot] = orbit
    this.mark[slot] = mark
    this.count++
  }

  /** `cell` counts through all chambers, 64 each; `time` is 30 * BX_COUNTER + TDC_MEAS. */
  addHit(slot: number, cell: number, time: number): void {
    let hit = this.free
    if (hit !== NONE) this.free = this.hitNext[hit]
    else {
      hit = this.used++
      if (hit === this.hitCell.length) this.grow()
    }
    this.hitCell[hit] = cell
    this.hitTime[hit] = time
    if (this.first[slot] === NONE) this.last[slot] = hit
    this.hitNext[hit] = this.first[slot]
    this.first[slot] = hit
    this.mask[slot * this.words + (cell >>> 5)] |= 1 << (cell & 31)
  }

  addScintillator(slot: number, time: number): void {
    if (time < this.scintillator[slot]) this.scintillator[slot] = time
  }

  /** All that an open slot holds; undefined where that is more than `most`. */
  hitsOf(slot: number, most: number): SavedHit[] | undefined {
    const saved: SavedHit[] = []
    const scintillator = this.scintillator[slot]
    if (scintillator !== Number.POSITIVE_INFINITY) saved.push([null, scintillator])
    for (let hit = this.first[slot]; hit !== NONE && saved.length <= most; hit = this.hitNext[hit])
      saved.push([this.hitCell[hit], this.hitTime[hit]])
    return saved.length <= most ? saved : undefined
  }

  /** Puts back into an open slot what `hitsOf` gave. */
  addSaved(slot: number, saved: readonly SavedHit[]): void {
    for (const [cell, time] of saved) {
      if (cell === null) this.addScintillator(slot, time)
      else this.addHit(slot, cell, time)
    }
  }

  /** Counts the orbit's hits in `tally`, if given, and frees the slot. */
  close(slot: number, tally: Tally | undefined): void {
    const { hitCell, hitTime, hitNext } = this
    const base = slot * this.words
    if (tally) {
      const scintillator = this.scintillator[slot]
      for (let hit = this.first[slot]; hit !== NONE; hit = hitNext[hit]) {
        tally.addHit(hitCell[hit])
        if (scintillator !== Number.POSITIVE_INFINITY)
          tally.addHitWithScintillator(hitCell[hit], hitTime[hit] - scintillator)
      }
      tally.closeOrbit(this.orbit[slot], this.mask, base)
    }
    this.discard(slot, base)
  }

  /** Closes `count` orbits (a ring's length at most) of the ring at slot `base`, from `orbit` on, in their order. */
  closeRange(base: number, ringMask: number, orbit: number, count: number, tally: Tally | undefined): void {
    let i = 0
    while (i < count) {
      const slot = base + ((orbit + i) & ringMask)
      const word = this.open[slot >>> 5] >>> (slot & 31)
      if (word === 0) i += 32 - (slot & 31)
      else {
        const gap = 31 - Math.clz32(word & -word)
        i += gap
        if (i < count) this.close(slot + gap, tally)
        i++
      }
    }
  }

  /** Counts the orbit's hits as late, each in results 1 to 3, and frees the slot. */
  closeLate(slot: number, tally: Tally | undefined): void {
    if (tally) {
      for (let hit = this.first[slot]; hit !== NONE; hit = this.hitNext[hit]) tally.addLateHit(this.hitCell[hit])
      if (this.scintillator[slot] !== Number.POSITIVE_INFINITY) tally.addLateScintillator()
    }
    this.discard(slot, slot * this.words)
  }

  /** Moves an open orbit into another, closed slot. */
  move(from: number, to: number): void {
    this.begin(to, this.orbit[from], this.mark[from])
    this.first[to] = this.first[from]
    this.last[to] = this.last[from]
    this.scintillator[to] = this.scintillator[from]
    const base = from * this.words
    this.mask.copyWithin(to * this.words, base, base + this.words)
    this.first[from] = NONE
    this.discard(from, base)
  }

  /** The lowest mark of the open orbits, or undefined where none is open. */
  lowestMark(): number | undefined {
    let lowest: number | undefined
    for (let word = 0; word < this.open.length; word++) {
      for (let bits = this.open[word]; bits !== 0; bits &= bits - 1) {
        const mark = this.mark[(word << 5) | (31 - Math.clz32(bits & -bits))]
        if (lowest === undefined || mark < lowest) lowest = mark
      }
    }
    return lowest
  }

  private discard(slot: number, base: number): void {
    if (this.first[slot] !== NONE) {
      this.hitNext[this.last[slot]] = this.free
      this.free = this.first[slot]
      this.first[slot] = NONE
    }
    this.scintillator[slot] = Number.POSITIVE_INFINITY
    for (let word = base; word < base + this.words; word++) this.mask[word] = 0
    this.open[slot >>> 5] &= ~(1 << (slot & 31))
    this.count--
  }

  private grow(): void {
    const size = this.hitCell.length * 2
    this.hitCell = resized(this.hitCell, new Uint16Array(size))
    this.hitTime = resized(this.hitTime, new Float64Array(size))
    this.hitNext = resized(this.hitNext, new Int32Array(size))
  }
}

function resized<T extends Uint16Array | Float64Array | Int32Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}
