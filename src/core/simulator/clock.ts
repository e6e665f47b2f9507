/** ORBIT_CNT where a new run begins. */
const FIRST_ORBIT = 1000

/** Detector time in orbits, which only goes up, and the 32-bit counter that the electronics make of it. */
export class OrbitClock {
  /** whole orbits since the start */
  time = 0
  private since = 0
  private exact = 0

  constructor(private start: number) {}

  advance(orbits: number): void {
    this.exact += orbits
    this.time = Math.floor(this.exact)
  }

  /** ORBIT_CNT: wraps after 2^32. */
  get orbit(): number {
    return (this.start + this.time - this.since) >>> 0
  }

  /** The counter starts again, now. */
  restart(): void {
    this.start = FIRST_ORBIT
    this.since = this.time
  }
}
