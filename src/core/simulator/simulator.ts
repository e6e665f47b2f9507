import { clearRows, type RowBuffer } from '../rows/row-buffer.js'
import { LAYERS, NS_PER_ORBIT } from '../run-file/run-file.js'
import { checkSimulation } from './check.js'
import { OrbitClock } from './clock.js'
import { Muons } from './muons.js'
import { Noise } from './noise.js'
import type { CellName, SimulatorOptions } from './options.js'
import { Random } from './random.js'
import { Readout } from './readout.js'
import { fpgasOf } from './telescope.js'

const ORBITS_PER_SECOND = 1e9 / NS_PER_ORBIT

/** A simulated detector: rows without end. */
export interface Simulator {
  /** Replaces what is in `rows` by the next rows of the stream, as many as fit: columns only, no text. */
  fill(rows: RowBuffer): void
}

/**
 * A detector that gives the same rows for the same options, whatever the sizes of the buffers that are filled.
 * @throws ExpectedError for options that contradict each other or the run file
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  checkSimulation(options)
  return new SimulatedDetector(options)
}

/** Goes from event to event (a muon, a noise hit); before each, the readout takes all that is ready by then. */
class SimulatedDetector implements Simulator {
  private readonly random: Random
  private readonly clock: OrbitClock
  private readonly readout: Readout
  private readonly muons: Muons
  private readonly noise: Noise
  private readonly noisyCell: CellName | undefined
  private readonly meanGapOrbits: number
  /** parts of the events that are muons, and that are muons or noise anywhere; the rest is the noisy cell's */
  private readonly muonPart: number
  private readonly anywherePart: number
  private rowsToRestart: number

  constructor(options: SimulatorOptions) {
    this.random = new Random(options.seed)
    this.clock = new OrbitClock(options.startOrbit)
    this.readout = new Readout(fpgasOf(options.run), this.random)
    this.muons = new Muons(options, this.readout.queues, this.random)
    this.noise = new Noise(options, this.readout.queues, this.random)
    this.noisyCell = options.noisyCell
    const noisyPerSecond = noisyCellRate(options)
    const perSecond = options.muonsPerSecond + options.noisePerSecond + noisyPerSecond
    this.meanGapOrbits = ORBITS_PER_SECOND / perSecond
    this.muonPart = options.muonsPerSecond / perSecond
    this.anywherePart = noisyPerSecond > 0 ? 1 - noisyPerSecond / perSecond : 1
    this.rowsToRestart = options.restartAfterRows ?? Number.POSITIVE_INFINITY
    this.awaitEvent()
  }

  fill(rows: RowBuffer): void {
    clearRows(rows)
    while (rows.length < rows.capacity) {
      if (this.readout.blockLeft === 0) this.findBlock()
      const taken = this.readout.take(rows.columns, rows.length, rows.capacity - rows.length)
      rows.length += taken
      this.rowsToRestart -= taken
    }
  }

  private findBlock(): void {
    if (this.rowsToRestart === 0) this.restart()
    while (!this.readout.nextBlock(this.clock.time, this.rowsToRestart)) {
      this.happen()
      this.awaitEvent()
    }
  }

  private restart(): void {
    this.rowsToRestart = Number.POSITIVE_INFINITY
    this.clock.restart()
    this.readout.restart(this.clock.time)
  }

  private awaitEvent(): void {
    this.clock.advance(this.random.exponential() * this.meanGapOrbits)
  }

  private happen(): void {
    const what = this.random.uniform()
    if (what < this.muonPart) this.muons.send(this.clock)
    else if (what < this.anywherePart || !this.noisyCell) this.noise.sendAnywhere(this.clock)
    else this.noise.send(this.noisyCell.chamber, this.noisyCell.cell, this.clock)
  }
}

/** The noisy cell's rate in Hz, from the hits that its chamber has otherwise. */
function noisyCellRate({ run, noisyCell, noisyShare, ...rates }: SimulatorOptions): number {
  if (!noisyCell) return 0
  const otherHits = LAYERS * rates.efficiency * rates.muonsPerSecond + rates.noisePerSecond / run.chambers.length
  return (noisyShare / (1 - noisyShare)) * otherHits
}
