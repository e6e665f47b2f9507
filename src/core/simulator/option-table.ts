import { NS_PER_ORBIT } from '../run-file/run-file.js'
import { readCell, readNumber, readRate, readWhole } from './option-values.js'
import { type CellName, DEFAULT_SIMULATION, type SimulatorOptions } from './options.js'

/** One option of `sim:?NAME=VALUE&...`: what help and documents print of it, and how its value is read. */
export interface SimulatorOption {
  readonly name: string
  /** the form of its value */
  readonly value: string
  /** as it would be written */
  readonly default: string
  readonly description: string
  /** @throws ExpectedError for a value of another form */
  readonly read: (text: string, name: string) => Partial<SimulatorOptions>
}

const defaults = DEFAULT_SIMULATION

/** All options of the simulator, in the order to print them in. */
export const SIMULATOR_OPTIONS: readonly SimulatorOption[] = [
  {
    name: 'seed',
    value: 'N',
    default: `${defaults.seed}`,
    description: 'where the random numbers start; a seed always gives the same rows',
    read: (text, name) => ({ seed: readWhole(text, name, 0, Number.MAX_SAFE_INTEGER) }),
  },
  {
    name: 'muons',
    value: 'RATE',
    default: `${defaults.muonsPerSecond}/s`,
    description: `muons, a second or an orbit (${NS_PER_ORBIT / 1000} us) of detector time: 200/s, 2k/s, 0.1/orbit`,
    read: (text, name) => ({ muonsPerSecond: readRate(text, name) }),
  },
  {
    name: 'noise',
    value: 'RATE',
    default: `${defaults.noisePerSecond}/s`,
    description: 'hits that no muon made, evenly over all cells',
    read: (text, name) => ({ noisePerSecond: readRate(text, name) }),
  },
  {
    name: 'efficiency',
    value: '0..1',
    default: `${defaults.efficiency}`,
    description: 'probability that a crossed cell gives its hit',
    read: (text, name) => ({ efficiency: readNumber(text, name, 0, 1) }),
  },
  {
    name: 'scintillator',
    value: '0..1',
    default: `${defaults.scintillatorEfficiency}`,
    description: 'probability that a muon gives a scintillator signal',
    read: (text, name) => ({ scintillatorEfficiency: readNumber(text, name, 0, 1) }),
  },
  {
    name: 'resolution',
    value: 'NS',
    default: `${defaults.resolutionNs}`,
    description: 'standard deviation of a drift time, in ns',
    read: (text, name) => ({ resolutionNs: readNumber(text, name, 0, 1000) }),
  },
  {
    name: 'noisy',
    value: 'CHAMBER:CELL',
    default: shown(defaults.noisyCell),
    description: 'a cell (0 to 63 in its chamber) that gives hits all the time; or none',
    read: (text, name) => ({ noisyCell: readCell(text, name) }),
  },
  {
    name: 'noisy-share',
    value: '0..0.9',
    default: `${defaults.noisyShare}`,
    description: "the noisy cell's part of its chamber's hits",
    read: (text, name) => ({ noisyShare: readNumber(text, name, 0, 0.9) }),
  },
  {
    name: 'dead',
    value: 'CHAMBER:CELL',
    default: shown(defaults.deadCell),
    description: 'a cell that never gives a hit; or none',
    read: (text, name) => ({ deadCell: readCell(text, name) }),
  },
  {
    name: 'virtual',
    value: '0..1',
    default: `${defaults.virtualShare}`,
    description: 'probability that a muon gives a row of a virtual channel (137 to 139)',
    read: (text, name) => ({ virtualShare: readNumber(text, name, 0, 1) }),
  },
  {
    name: 'restart',
    value: 'ROWS',
    default: 'none',
    description: 'the run restarts after so many rows, and the orbit counter with it',
    read: (text, name) => ({
      restartAfterRows: text === 'none' ? undefined : readWhole(text, name, 1, Number.MAX_SAFE_INTEGER),
    }),
  },
  {
    name: 'orbit',
    value: 'ORBIT',
    default: `${defaults.startOrbit}`,
    description: 'ORBIT_CNT at the start, 0 to 4294967295; it wraps to 0 after that',
    read: (text, name) => ({ startOrbit: readWhole(text, name, 0, 2 ** 32 - 1) }),
  },
]

function shown(cell: CellName | undefined): string {
  return cell ? `${cell.chamber}:${cell.cell}` : 'none'
}
