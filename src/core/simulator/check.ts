import { ExpectedError } from '../../errors.js'
import type { SimulatorOptions } from './options.js'

/**
 * Looks for options that contradict each other or the run file.
 * @throws ExpectedError
 */
export function checkSimulation({ run, noisyCell, deadCell, muonsPerSecond, noisePerSecond }: SimulatorOptions): void {
  if (muonsPerSecond + noisePerSecond === 0) {
    throw new ExpectedError('The simulator would never give a row: muons and noise are both 0.', ['sim:?muons=25/s'])
  }
  for (const [name, cell] of Object.entries({ noisy: noisyCell, dead: deadCell })) {
    if (!cell || cell.chamber < run.chambers.length) continue
    const last = run.chambers.length - 1
    throw new ExpectedError(
      `The simulator's ${name} cell is in chamber ${cell.chamber}, and the last chamber of ${run.name} is ${last}.`,
      [`sim:?${name}=${last}:${cell.cell}`, `sim:?${name}=none`],
    )
  }
  if (noisyCell && noisyCell.chamber === deadCell?.chamber && noisyCell.cell === deadCell.cell) {
    throw new ExpectedError(
      `The simulator's noisy cell and its dead cell are both ${noisyCell.chamber}:${noisyCell.cell}.`,
      ['sim:?dead=none', 'sim:?noisy=none'],
    )
  }
}
