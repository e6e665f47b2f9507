import { LAYERS, type RunFile, TDC_PER_BX } from '../run-file/run-file.js'
import type { OrbitClock } from './clock.js'
import type { Fifo } from './fifo.js'
import type { Random } from './random.js'
import type { FpgaQueues } from './readout.js'
import type { Track } from './track.js'

/** How far the orbits of ancillary words lie ahead of those of the hits, as in published rows; the FPGAs take turns. */
const ORBITS_AHEAD = [138_382, 114_484]
/** HEAD 0 has a number below this in TDC_CHANNEL. */
const TIME_CHANNELS = 5
/** Neighbouring wires that one trigger unit looks at; its local x runs over their cells, from the middle. */
const UNIT_WIRES = 4

/** The chamber whose trigger an FPGA sends. */
interface TriggerChamber {
  readonly fifo: Fifo
  readonly orbitsAhead: number
  readonly firstPlane: number
  readonly zMm: number
  readonly measuresY: boolean
}

/**
 * The ancillary words of the trigger: for each muon and FPGA five words, HEAD 3 and 1 (bookkeeping), 0 (trigger time), 4
 * (tan psi) and 5 (local x), in the form of published rows.
 */
export class Trigger {
  private readonly chambers: readonly TriggerChamber[]
  private readonly unitMm: number

  constructor(
    run: RunFile,
    queues: readonly FpgaQueues[],
    private readonly random: Random,
  ) {
    this.unitMm = UNIT_WIRES * run.cell.width_mm
    this.chambers = queues.flatMap(({ fpga, ancillary }, index) => {
      const number = run.chambers.findIndex((chamber) => chamber.fpga === fpga)
      if (number < 0) return []
      const { z_mm, view } = run.chambers[number]
      const orbitsAhead = ORBITS_AHEAD[index % ORBITS_AHEAD.length]
      return { fifo: ancillary, orbitsAhead, firstPlane: number * LAYERS, zMm: z_mm, measuresY: view === 'theta' }
    })
  }

  /**
   * @param passedAt TDC counts into the orbit
   * @param wires by plane, the wire that was hit, or -1
   */
  send(clock: OrbitClock, passedAt: number, track: Track, wires: Int8Array): void {
    for (const { fifo, orbitsAhead, firstPlane, zMm, measuresY } of this.chambers) {
      const orbit = (clock.orbit + orbitsAhead) >>> 0
      const { time } = clock
      const slope = measuresY ? track.slopeY : track.slopeX
      const position = (measuresY ? track.y : track.x) + slope * zMm
      const bx = (passedAt / TDC_PER_BX) | 0
      fifo.push(3, 0, orbit, hitPattern(wires, firstPlane), 0, time)
      fifo.push(1, 0, orbit, 0, this.twoBits(), time)
      fifo.push(0, this.random.below(TIME_CHANNELS), orbit, bx, passedAt - bx * TDC_PER_BX, time)
      fifo.push(4, 0, orbit, 0, asSent(slope), time)
      fifo.push(5, 0, orbit, 0, asSent(this.localX(position)), time)
    }
  }

  /** One bit in each half of a byte. */
  private twoBits(): number {
    return (16 << this.random.below(4)) | (1 << this.random.below(4))
  }

  private localX(position: number): number {
    const units = position / this.unitMm
    return (units - Math.floor(units) - 0.5) * this.unitMm
  }
}

/** Four bits a layer, the top one first, with the bit of the wire set that was hit: what HEAD 3 has in BX_COUNTER. */
function hitPattern(wires: Int8Array, firstPlane: number): number {
  let pattern = 0
  for (let plane = firstPlane + LAYERS - 1; plane >= firstPlane; plane--) {
    pattern = (pattern << 4) | (wires[plane] < 0 ? 0 : 1 << (wires[plane] % UNIT_WIRES))
  }
  return pattern
}

/** A number with the 11 significant bits that the trigger sends (Veltkamp's splitting), in the 6 decimals of the text. */
function asSent(value: number): number {
  const shifted = value * (2 ** 42 + 1)
  const rounded = shifted - (shifted - value)
  return Math.round(rounded * 1e6) / 1e6
}
