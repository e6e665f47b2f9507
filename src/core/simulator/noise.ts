import { CELLS } from '../run-file/run-file.js'
import type { OrbitClock } from './clock.js'
import type { Fifo } from './fifo.js'
import type { CellName, SimulatorOptions } from './options.js'
import type { Random } from './random.js'
import type { FpgaQueues } from './readout.js'
import { COUNTS_PER_ORBIT } from './telescope.js'

/** Hits that no muon made, at any time in their orbit. */
export class Noise {
  private readonly chambers: readonly { hits: Fifo; firstChannel: number }[]
  private readonly dead: CellName | undefined

  constructor(
    { run, deadCell }: SimulatorOptions,
    queues: readonly FpgaQueues[],
    private readonly random: Random,
  ) {
    this.dead = deadCell
    this.chambers = run.chambers.flatMap(({ fpga, first_channel }) =>
      queues.filter((of) => of.fpga === fpga).map((of) => ({ hits: of.hits, firstChannel: first_channel })),
    )
  }

  /** A hit in any cell; none where the dead cell is drawn. */
  sendAnywhere(clock: OrbitClock): void {
    const chamber = this.random.below(this.chambers.length)
    const cell = this.random.below(CELLS)
    if (chamber !== this.dead?.chamber || cell !== this.dead.cell) this.send(chamber, cell, clock)
  }

  send(chamber: number, cell: number, clock: OrbitClock): void {
    const { hits, firstChannel } = this.chambers[chamber]
    hits.pushSignal(firstChannel + cell, clock.orbit, this.random.below(COUNTS_PER_ORBIT), clock.time)
  }
}
