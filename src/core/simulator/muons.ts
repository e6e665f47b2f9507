import { CHANNELS_PER_FPGA, createChamberMap, UNMAPPED } from '../run-file/chamber-map.js'
import { LAYERS, WIRES } from '../run-file/run-file.js'
import type { OrbitClock } from './clock.js'
import type { SimulatorOptions } from './options.js'
import type { Random } from './random.js'
import type { FpgaQueues } from './readout.js'
import {
  COUNTS_PER_NS,
  COUNTS_PER_ORBIT,
  type Plane,
  planesOf,
  type Scintillators,
  scintillatorsOf,
} from './telescope.js'
import { drawTrack, type Track } from './track.js'
import { Trigger } from './trigger.js'

/** Channels of the scintillator's FPGA that belong to no detector. */
const VIRTUAL_CHANNELS = [137, 138, 139]
/** A virtual channel's row comes within so many TDC counts after the muon: ten bunch crossings. */
const VIRTUAL_COUNTS = 300
/** How far `Random.bell` goes. */
const BELL_ENDS = 3
/** Orders in which an FPGA sends the signals of one muon: they are not sorted by time, nor by channel. */
const ORDERS = 64
/** Signals that are no plane's. */
const SCINTILLATOR_SIGNAL = -1
const VIRTUAL_SIGNAL = -2

/** One FPGA's signals of a muon: plane numbers and the marks above, in ORDERS different orders one after the other. */
interface SignalOrders {
  readonly queues: FpgaQueues
  readonly signals: Int16Array
  readonly count: number
}

/** Muons: tracks, the cells they cross, their scintillator signal and trigger words. */
export class Muons {
  private readonly planes: readonly Plane[]
  private readonly plates: Scintillators
  private readonly trigger: Trigger
  private readonly orders: readonly SignalOrders[]
  private readonly virtualChannels: readonly number[]
  private readonly countsPerMm: number
  private readonly smearCounts: number
  private readonly deadPlane: number
  private readonly deadWire: number
  private readonly earliest: number
  private readonly latest: number
  private readonly track: Track = { x: 0, y: 0, slopeX: 0, slopeY: 0 }
  /** by plane: the wire that was hit or -1, and its signal's time in TDC counts into the orbit */
  private readonly wires: Int8Array
  private readonly counts: Int32Array

  constructor(
    private readonly options: SimulatorOptions,
    queues: readonly FpgaQueues[],
    private readonly random: Random,
  ) {
    const { run, deadCell } = options
    this.planes = planesOf(run)
    this.plates = scintillatorsOf(run)
    this.trigger = new Trigger(run, queues, random)
    this.virtualChannels = virtualChannelsOf(options)
    this.orders = queues.map((of) => this.drawOrders(of))
    this.countsPerMm = (1000 / run.cell.drift_velocity_um_per_ns) * COUNTS_PER_NS
    this.smearCounts = options.resolutionNs * COUNTS_PER_NS
    const deadMod4 = deadCell ? deadCell.cell % LAYERS : -1
    this.deadPlane = deadCell
      ? deadCell.chamber * LAYERS + run.layers.findIndex((layer) => layer.channel_mod_4 === deadMod4)
      : -1
    this.deadWire = deadCell ? Math.floor(deadCell.cell / LAYERS) : -1
    this.wires = new Int8Array(this.planes.length)
    this.counts = new Int32Array(this.planes.length)
    const offsets = this.planes.map((plane) => plane.offsetCounts)
    const longest = (run.cell.width_mm / 2) * this.countsPerMm + BELL_ENDS * this.smearCounts
    this.earliest = Math.max(0, Math.ceil(Math.max(...offsets)))
    this.latest = COUNTS_PER_ORBIT - 1 - Math.max(VIRTUAL_COUNTS, Math.ceil(longest - Math.min(...offsets)))
  }

  /** A muon in the clock's orbit. It passes so that all of its signals are in that orbit: never close to its ends. */
  send(clock: OrbitClock): void {
    const { random, options, virtualChannels } = this
    drawTrack(this.track, this.plates, random)
    const passedAt = this.earliest + random.below(this.latest - this.earliest + 1)
    this.cross(passedAt)
    const seen = random.uniform() < options.scintillatorEfficiency
    const virtual =
      random.uniform() < options.virtualShare && virtualChannels.length > 0
        ? virtualChannels[random.below(virtualChannels.length)]
        : -1
    for (const orders of this.orders) this.sendSignals(orders, clock, passedAt, seen, virtual)
    this.trigger.send(clock, passedAt, this.track, this.wires)
  }

  /** Finds the hits: in each plane the cell crossed at the height of its wires, unless it misses the muon. */
  private cross(passedAt: number): void {
    const { random, track, planes, wires, counts } = this
    const { efficiency } = this.options
    const width = this.options.run.cell.width_mm
    for (let p = 0; p < planes.length; p++) {
      const { zMm, measuresY, firstWireMm, offsetCounts } = planes[p]
      const fromFirst = (measuresY ? track.y + track.slopeY * zMm : track.x + track.slopeX * zMm) - firstWireMm
      const wire = Math.round(fromFirst / width)
      wires[p] = -1
      if (random.uniform() >= efficiency || wire < 0 || wire >= WIRES) continue
      if (p === this.deadPlane && wire === this.deadWire) continue
      const drift = Math.abs(fromFirst - wire * width) * this.countsPerMm
      const smeared = this.smearCounts > 0 ? Math.abs(drift + this.smearCounts * random.bell()) : drift
      wires[p] = wire
      // the counter takes a signal at its next step, so a measured drift time is never below the true one
      counts[p] = passedAt + Math.ceil(smeared - offsetCounts)
    }
  }

  private sendSignals(orders: SignalOrders, clock: OrbitClock, passedAt: number, seen: boolean, virtual: number): void {
    const { count, signals } = orders
    const { hits } = orders.queues
    const { orbit, time } = clock
    const first = this.random.below(ORDERS) * count
    for (let i = first; i < first + count; i++) {
      const signal = signals[i]
      if (signal >= 0) {
        const wire = this.wires[signal]
        if (wire >= 0)
          hits.pushSignal(this.planes[signal].firstChannel + LAYERS * wire, orbit, this.counts[signal], time)
      } else if (signal === SCINTILLATOR_SIGNAL) {
        if (seen) hits.pushSignal(this.options.run.scintillator.channel, orbit, passedAt, time)
      } else if (virtual >= 0) {
        hits.pushSignal(virtual, orbit, passedAt + this.random.below(VIRTUAL_COUNTS), time)
      }
    }
  }

  private drawOrders(queues: FpgaQueues): SignalOrders {
    const signals = this.planes.flatMap((plane, p) => (plane.fpga === queues.fpga ? [p] : []))
    if (this.options.run.scintillator.fpga === queues.fpga) signals.push(SCINTILLATOR_SIGNAL, VIRTUAL_SIGNAL)
    const orders = Array.from({ length: ORDERS }, () => shuffled(signals, this.random))
    return { queues, signals: Int16Array.from(orders.flat()), count: signals.length }
  }
}

/** Those channels that the run file gives to nothing else. */
function virtualChannelsOf({ run }: SimulatorOptions): number[] {
  const { target } = createChamberMap(run)
  return VIRTUAL_CHANNELS.filter((channel) => target[run.scintillator.fpga * CHANNELS_PER_FPGA + channel] === UNMAPPED)
}

function shuffled(items: readonly number[], random: Random): number[] {
  const out = [...items]
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[out[i], out[j]] = [out[j], out[i]]
  }
  return out
}
