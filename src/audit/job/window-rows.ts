import { OpenOrbits } from '../../core/orbits/open-orbits.js'
import { ORBIT_CYCLE } from '../../core/orbits/orbit-cycle.js'
import type { Tally } from '../../core/results/tally.js'

/** In the place of a cell. */
export const SIGNAL = -1

/** The hits and scintillator signals of one window, held until all of them have come. Typed arrays: there can be millions. */
export class WindowRows {
  length = 0
  private orbit = new Uint32Array(64)
  private cell = new Int16Array(64)
  private time = new Float64Array(64)

  /**
   * @param orbit counted from the window's first
   * @param cell counts through all chambers, 64 each; SIGNAL for a scintillator signal
   * @param time 30 * BX_COUNTER + TDC_MEAS
   */
  add(orbit: number, cell: number, time: number): void {
    if (this.length === this.orbit.length) this.grow()
    this.orbit[this.length] = orbit
    this.cell[this.length] = cell
    this.time[this.length] = time
    this.length++
  }

  /**
   * Counts them in a tally, orbit by orbit.
   * @param from the window's first orbit, counted on through the wrap
   */
  fold(tally: Tally, from: number, chambers: number): void {
    const orbits = Uint32Array.from(new Set(this.orbit.subarray(0, this.length))).sort()
    const slots = new Map(Array.from(orbits, (orbit, slot) => [orbit, slot]))
    const open = new OpenOrbits(orbits.length, chambers)
    for (const [slot, orbit] of orbits.entries()) open.begin(slot, (from + orbit) % ORBIT_CYCLE, 0)
    for (let i = 0; i < this.length; i++) {
      const slot = slots.get(this.orbit[i]) as number
      if (this.cell[i] === SIGNAL) open.addScintillator(slot, this.time[i])
      else open.addHit(slot, this.cell[i], this.time[i])
    }
    for (const slot of orbits.keys()) open.close(slot, tally)
  }

  private grow(): void {
    const { orbit, cell, time } = this
    this.orbit = new Uint32Array(2 * this.length)
    this.cell = new Int16Array(2 * this.length)
    this.time = new Float64Array(2 * this.length)
    this.orbit.set(orbit)
    this.cell.set(cell)
    this.time.set(time)
  }
}
