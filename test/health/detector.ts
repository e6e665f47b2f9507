import { LaneFold } from '../../src/core/orbits/lane-fold.js'
import type { Result } from '../../src/core/results/result.js'
import { OrbitPartitioner } from '../../src/core/rows/partition-of.js'
import { clearRows, createRowBuffer, type RowBuffer } from '../../src/core/rows/row-buffer.js'
import { createChamberMap } from '../../src/core/run-file/chamber-map.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN, NS_PER_ORBIT, type RunFile } from '../../src/core/run-file/run-file.js'
import { DEFAULT_SIMULATION, type SimulatorOptions } from '../../src/core/simulator/options.js'
import { createSimulator } from '../../src/core/simulator/simulator.js'

/** A moment to count from. */
export const T0 = Date.UTC(2026, 2, 1, 12)
const GRACE = 2048
/** In one filling of the buffer; more is another run. */
const MOST_ORBITS = 1e7
const ORBITS_PER_SECOND = 1e9 / NS_PER_ORBIT

/** Nothing is wrong with it. */
export const HEALTHY: SimulatorOptions = { ...DEFAULT_SIMULATION, deadCell: undefined, noisyCell: undefined }

/** Interval results of a lane, as its data come. */
export interface Sent {
  readonly result: Result
  readonly endMs: number
}

/**
 * The lanes of a topic that is keyed by orbit, at work in detector time: the results that they send every `intervalS`
 * seconds, each lane a little after the one before, while the detector gives rows.
 */
export class Lanes {
  private readonly lanes: readonly Lane[]
  private readonly partitioner: OrbitPartitioner
  private seconds = 0

  constructor({ lanes = 10, run = DEFAULT_RUN, intervalS = 1 } = {}) {
    this.partitioner = new OrbitPartitioner(lanes)
    this.lanes = Array.from({ length: lanes }, (_, number) => new Lane(run, number, intervalS))
  }

  /** What is sent while a detector of these options gives rows for so long. `malformed`: its part of the rows. */
  *results(options: SimulatorOptions, seconds: number, malformed = 0): Generator<Sent> {
    const start = Math.floor(options.startOrbit + this.seconds * ORBITS_PER_SECOND) % 2 ** 32
    const simulator = createSimulator({ ...options, startOrbit: start })
    const rows = createRowBuffer(512)
    const until = this.seconds + seconds
    let [time, orbit] = [this.seconds, start]
    for (let second = this.seconds + 1; second <= until; ) {
      simulator.fill(rows)
      const passed = (newest(rows) - orbit) | 0
      orbit += passed
      // a counter that starts again takes no time
      time += Math.abs(passed) < MOST_ORBITS ? passed / ORBITS_PER_SECOND : 0
      for (; second <= until && time >= second; second++) for (const lane of this.lanes) yield* lane.tick(second)
      if (second <= until) this.shareOut(rows, malformed)
    }
    this.seconds = until
  }

  private shareOut(rows: RowBuffer, malformed: number): void {
    for (let i = 0; i < rows.length; i++) this.lanes[this.partitioner.partitionOf(rows.columns.orbit[i])].take(rows, i)
    for (const lane of this.lanes) lane.fold(malformed)
  }
}

/** The newest orbit of the hits; ancillary words are ahead. */
function newest({ columns, length }: RowBuffer): number {
  for (let i = length - 1; i >= 0; i--) if (columns.head[i] === 2) return columns.orbit[i]
  return 0
}

class Lane {
  private readonly rows = createRowBuffer(512)
  private readonly lane: LaneFold
  private readonly digest: string
  private sent = 0
  private malformed = 0
  private offset = 0

  constructor(
    run: RunFile,
    private readonly number: number,
    private readonly intervalS: number,
  ) {
    this.lane = new LaneFold({ run, map: createChamberMap(run), grace: GRACE, orbitDetail: false })
    this.digest = geometryDigest(run)
  }

  take({ columns }: RowBuffer, i: number): void {
    const at = this.rows.length++
    for (const name of ['head', 'fpga', 'channel', 'orbit', 'bx', 'tdc'] as const)
      this.rows.columns[name][at] = columns[name][i]
  }

  fold(malformed: number): void {
    this.lane.fold(this.rows.columns, 0, this.rows.length)
    this.malformed += (malformed / (1 - malformed)) * this.rows.length
    this.lane.addMalformed(Math.floor(this.malformed))
    this.malformed -= Math.floor(this.malformed)
    this.offset += this.rows.length
    clearRows(this.rows)
  }

  *tick(second: number): Generator<Sent> {
    if (second % this.intervalS !== 0) return
    this.lane.sweep()
    const endMs = T0 + second * 1000 + 10 * this.number
    const label = { msg_ID: this.sent++, worker: 'test', geometry: this.digest, run: this.lane.run }
    const [start, end] = [endMs - 1000 * this.intervalS, endMs].map((ms) => new Date(ms).toISOString())
    const source = [{ topic: 'data_raw', partition: this.number, from: 0, to: this.offset, watermark: null }]
    if (!this.lane.tally.isEmpty)
      yield { result: this.lane.tally.take({ ...label, interval: { start, end }, source }), endMs }
  }
}
