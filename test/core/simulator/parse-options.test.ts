import { expect, test } from 'vitest'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { SIMULATOR_OPTIONS } from '../../../src/core/simulator/option-table.js'
import { DEFAULT_SIMULATION } from '../../../src/core/simulator/options.js'
import { parseSimulatorOptions } from '../../../src/core/simulator/parse-options.js'
import { createSimulator } from '../../../src/core/simulator/simulator.js'
import { ExpectedError } from '../../../src/errors.js'
import { optionsOf } from './stream.js'

test('no options are the default options', () => {
  expect(parseSimulatorOptions({})).toEqual(DEFAULT_SIMULATION)
  expect(optionsOf('')).toEqual(DEFAULT_SIMULATION)
})

test('the defaults that the table shows are the defaults', () => {
  const shown = Object.fromEntries(SIMULATOR_OPTIONS.map((option) => [option.name, option.default]))
  expect(parseSimulatorOptions(shown)).toEqual(DEFAULT_SIMULATION)
})

test('every option is read', () => {
  const query =
    'seed=7&muons=200/s&noise=2k/s&efficiency=0.9&scintillator=1&resolution=2.5&noisy=3:63&noisy-share=0.2&dead=none&virtual=0&restart=500&orbit=4294967295'
  expect(optionsOf(query)).toEqual({
    run: DEFAULT_RUN,
    seed: 7,
    muonsPerSecond: 200,
    noisePerSecond: 2000,
    efficiency: 0.9,
    scintillatorEfficiency: 1,
    resolutionNs: 2.5,
    noisyCell: { chamber: 3, cell: 63 },
    noisyShare: 0.2,
    deadCell: undefined,
    virtualShare: 0,
    restartAfterRows: 500,
    startOrbit: 4_294_967_295,
  })
  expect([...new URLSearchParams(query).keys()]).toEqual(SIMULATOR_OPTIONS.map((option) => option.name))
})

test.each([
  ['25/s', 25],
  ['25', 25],
  ['0.5/s', 0.5],
  ['1.5k/s', 1500],
  ['60/min', 1],
  ['0.0891/orbit', 1000],
])('a rate of %s is %d Hz', (text, hertz) => {
  expect(parseSimulatorOptions({ muons: text }).muonsPerSecond).toBeCloseTo(hertz, 9)
})

test.each([
  ['muon=3', 'The simulator has no option "muon"; did you mean muons?'],
  ['noisy_share=0', 'The simulator has no option "noisy_share"; did you mean noisy-share?'],
  ['temperature=3', 'The simulator has no option "temperature".'],
  ['toString=3', 'The simulator has no option "toString".'],
  ['muons=3&muons=4', "The simulator's option muons is given twice."],
  [
    'muons=fast',
    'The simulator\'s option muons must be a rate such as 25/s, 2k/s or 0.1/orbit, up to 1000000/s, not "fast".',
  ],
  ['muons=-3', /muons must be a rate .*, not "-3"/],
  ['noise=1001k/s', /noise must be a rate .*, not "1001k\/s"/],
  ['noise=100/orbit', /noise must be a rate/],
  ['noise=3/h', /noise must be a rate/],
  ['seed=1.5', 'The simulator\'s option seed must be a whole number from 0 to 9007199254740991, not "1.5".'],
  ['seed=', /seed must be a whole number/],
  ['efficiency=1.1', 'The simulator\'s option efficiency must be a number from 0 to 1, not "1.1".'],
  ['noisy-share=1', /noisy-share must be a number from 0 to 0.9/],
  ['orbit=4294967296', /orbit must be a whole number from 0 to 4294967295/],
  ['restart=0', /restart must be a whole number from 1/],
  [
    'dead=1:64',
    'The simulator\'s option dead must be a chamber and one of its cells 0 to 63, such as 1:2, or none, not "1:64".',
  ],
  ['dead=4:0', "The simulator's dead cell is in chamber 4, and the last chamber of minidt is 3."],
  ['dead=1:2', "The simulator's noisy cell and its dead cell are both 1:2."],
  ['muons=0&noise=0', 'The simulator would never give a row: muons and noise are both 0.'],
])('sim:?%s is refused', (query, message) => {
  expect(() => optionsOf(query)).toThrow(ExpectedError)
  expect(() => optionsOf(query)).toThrow(message)
})

test('the default cells move into a run with fewer chambers', () => {
  const run = { ...DEFAULT_RUN, chambers: DEFAULT_RUN.chambers.slice(0, 1) }
  const options = parseSimulatorOptions({}, run)
  expect(options).toEqual({
    ...DEFAULT_SIMULATION,
    run,
    noisyCell: { chamber: 0, cell: 2 },
    deadCell: { chamber: 0, cell: 41 },
  })
  expect(() => parseSimulatorOptions({ noisy: '1:2' }, run)).toThrow(/noisy cell is in chamber 1, and the last .* is 0/)
  expect(() => createSimulator({ ...DEFAULT_SIMULATION, run })).toThrow(ExpectedError)
})
