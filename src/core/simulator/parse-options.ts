import { ExpectedError } from '../../errors.js'
import { nearestName } from '../../nearest-name.js'
import { DEFAULT_RUN, type RunFile } from '../run-file/run-file.js'
import { checkSimulation } from './check.js'
import { SIMULATOR_OPTIONS } from './option-table.js'
import { type CellName, DEFAULT_SIMULATION, type SimulatorOptions } from './options.js'

/**
 * Reads the options of `sim:?NAME=VALUE&...`; those not given have the values of `DEFAULT_SIMULATION`.
 * @param run the run that is simulated; default cells are moved into it where it has fewer chambers than the default
 * @throws ExpectedError for an option that does not exist, is given twice or has a value of the wrong form
 */
export function parseSimulatorOptions(
  query: URLSearchParams | Readonly<Record<string, string>>,
  run: RunFile = DEFAULT_RUN,
): SimulatorOptions {
  const options = { ...defaultsFor(run) }
  const given = new Set<string>()
  for (const [name, text] of query instanceof URLSearchParams ? query : Object.entries(query)) {
    const option = SIMULATOR_OPTIONS.find((known) => known.name === name)
    if (!option) throw unknownOption(name)
    if (given.has(name)) throw new ExpectedError(`The simulator's option ${name} is given twice.`)
    given.add(name)
    Object.assign(options, option.read(text, name))
  }
  checkSimulation(options)
  return options
}

function defaultsFor(run: RunFile): SimulatorOptions {
  const last = run.chambers.length - 1
  const inRun = (cell: CellName | undefined) => cell && { ...cell, chamber: Math.min(cell.chamber, last) }
  const { noisyCell, deadCell } = DEFAULT_SIMULATION
  return { ...DEFAULT_SIMULATION, run, noisyCell: inRun(noisyCell), deadCell: inRun(deadCell) }
}

function unknownOption(name: string): ExpectedError {
  const names = SIMULATOR_OPTIONS.map((option) => option.name)
  const nearest = nearestName(name, names)
  const question = nearest ? `; did you mean ${nearest}?` : '.'
  return new ExpectedError(`The simulator has no option ${JSON.stringify(name.slice(0, 40))}${question}`, [
    `options: ${names.join(', ')}`,
  ])
}
