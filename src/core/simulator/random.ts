const TWO_32 = 2 ** 32

/**
 * Seeded random numbers: sfc32 ("small fast counting"), by Chris Doty-Humphrey, published with PractRand
 * (https://pracrand.sourceforge.net, RNG/sfc). Only integer arithmetic, divisions by powers of two and comparisons are
 * used, so that a seed gives the same numbers on any machine.
 */
export class Random {
  private a = 0
  private b: number
  private c: number
  private counter = 1

  /** @param seed a whole number from 0 to 2^53 - 1 */
  constructor(seed: number) {
    this.b = seed | 0
    this.c = Math.floor(seed / TWO_32) | 0
    for (let i = 0; i < 12; i++) this.next()
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    const out = (this.a + this.b + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + out) | 0
    return out >>> 0
  }

  /** From 0 to below 1, in steps of 2^-32. */
  uniform(): number {
    return this.next() / TWO_32
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.uniform() * limit)
  }

  /**
   * Exponentially distributed with mean 1, by von Neumann's comparisons (1951), which need no logarithm: the first of
   * a falling sequence of uniform numbers is taken if the sequence has odd length, else one is added and it starts anew.
   */
  exponential(): number {
    for (let whole = 0; ; whole++) {
      const first = this.uniform()
      let odd = true
      for (let last = first, next = this.uniform(); next < last; next = this.uniform()) {
        last = next
        odd = !odd
      }
      if (odd) return whole + first
    }
  }

  /** Mean 0, standard deviation 1, bell-shaped and never beyond 3: a sum of three uniform numbers. */
  bell(): number {
    return (this.uniform() + this.uniform() + this.uniform() - 1.5) * 2
  }
}
