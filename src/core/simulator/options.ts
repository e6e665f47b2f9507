import { DEFAULT_RUN, type RunFile } from '../run-file/run-file.js'

/** What is simulated. The same options always give the same rows. */
export interface SimulatorOptions {
  readonly run: RunFile
  /** a whole number from 0 to 2^53 - 1 */
  readonly seed: number
  /** muons through all chambers, in Hz of detector time */
  readonly muonsPerSecond: number
  /** hits without a muon, evenly over all cells, in Hz of detector time */
  readonly noisePerSecond: number
  /** probability that a crossed cell gives its hit */
  readonly efficiency: number
  /** probability that a muon gives a scintillator signal */
  readonly scintillatorEfficiency: number
  /** standard deviation of a drift time, in ns */
  readonly resolutionNs: number
  /** a cell that gives hits all the time */
  readonly noisyCell: CellName | undefined
  /** the part of its chamber's hits that is the noisy cell's noise, from 0 to below 1 */
  readonly noisyShare: number
  /** a cell that never gives a hit */
  readonly deadCell: CellName | undefined
  /** probability that a muon gives a row of a virtual channel */
  readonly virtualShare: number
  /** the orbit counter starts again after so many rows, once */
  readonly restartAfterRows: number | undefined
  /** ORBIT_CNT at the start, 0 to 2^32 - 1 */
  readonly startOrbit: number
}

export interface CellName {
  readonly chamber: number
  /** 0..63 */
  readonly cell: number
}

/** About 1000 rows per second of detector time, two thirds of them from muons. */
export const DEFAULT_SIMULATION: SimulatorOptions = {
  run: DEFAULT_RUN,
  seed: 1,
  muonsPerSecond: 25,
  noisePerSecond: 270,
  efficiency: 0.97,
  scintillatorEfficiency: 0.95,
  resolutionNs: 1,
  noisyCell: { chamber: 1, cell: 2 },
  noisyShare: 0.3,
  deadCell: { chamber: 2, cell: 41 },
  virtualShare: 0.1,
  restartAfterRows: undefined,
  startOrbit: 3_387_200_000,
}
