/** Rows per second over the last seconds, from samples of a running total. */
export class RateMeter {
  readonly #windowMs: number
  readonly #samples: { atMs: number; rows: number }[] = []

  constructor(windowMs = 5000) {
    this.#windowMs = windowMs
  }

  /** @param rows the total so far, never falling; @param atMs of a clock that does not go back */
  add(rows: number, atMs: number): void {
    const samples = this.#samples
    samples.push({ atMs, rows })
    // the newest sample at or before the window's edge stays: the rate is taken from it
    while (samples.length > 2 && samples[1].atMs <= atMs - this.#windowMs) samples.shift()
  }

  /** 0 until two samples lie apart in time. */
  get rate(): number {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (!first || !last || last.atMs <= first.atMs) return 0
    return ((last.rows - first.rows) / (last.atMs - first.atMs)) * 1000
  }
}
