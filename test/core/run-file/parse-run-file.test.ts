import { expect, test } from 'vitest'
import { formatRunFile } from '../../../src/core/run-file/format-run-file.js'
import { parseRunFile } from '../../../src/core/run-file/parse-run-file.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { ExpectedError } from '../../../src/errors.js'

const STANDARD = formatRunFile(DEFAULT_RUN)

/** The standard file with one place changed, which must be there. */
function changed(from: string | RegExp, to: string): string {
  const text = STANDARD.replace(from, to)
  expect(text).not.toBe(STANDARD)
  return text
}

function lineOf(part: string): number {
  return STANDARD.slice(0, STANDARD.indexOf(part)).split('\n').length
}

function errorOf(text: string): ExpectedError {
  try {
    parseRunFile(text, 'run.yaml')
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError)
    return error as ExpectedError
  }
  throw new Error('the file was accepted')
}

test('keys left out at the top level have the values of the default run', () => {
  const run = parseRunFile('name: april\ndrift_time: { low_ns: 0, high_ns: 400, width_ns: 5 }\n', 'run.yaml')
  expect(run).toStrictEqual({ ...DEFAULT_RUN, name: 'april', drift_time: { low_ns: 0, high_ns: 400, width_ns: 5 } })
})

test('key order, comments, quotes and the way numbers are written make no difference', () => {
  const text = '# mine\nscintillator: {channel: 0x80, fpga: 1} # here\n"name": \'minidt\'\n'
  expect(parseRunFile(text, 'run.yaml')).toStrictEqual(DEFAULT_RUN)
})

test('minus zero is zero', () => {
  expect(parseRunFile(changed('z_mm: 364.75', 'z_mm: -0.0'), 'run.yaml').chambers[0].z_mm).toBe(0)
})

test('bins of a width without exact double are whole', () => {
  const text = 'drift_time: { low_ns: 0, high_ns: 400, width_ns: 0.1 }'
  expect(parseRunFile(text, 'run.yaml').drift_time.width_ns).toBe(0.1)
})

test.each([
  ['', 'run.yaml: there is nothing in it but blanks and comments'],
  ['# only this\n', 'run.yaml: there is nothing in it but blanks and comments'],
  ['- 1', /^run\.yaml: the file must be a mapping with name, raw_word, .*, not a list of 1$/],
  ['hello', /^run\.yaml: the file must be a mapping with name, .*, not "hello"$/],
  ['\n\nchambers: [', /^run\.yaml, line 3: this is not YAML: /],
  ['name: a\n---\nname: b', /^run\.yaml, line 2: this is not YAML: .*documents/],
  ['name: a\nname: b', 'run.yaml, line 2: name is given twice'],
  ['name: *nobody', /^run\.yaml: this cannot be read: .*nobody/],
  ['name:', 'run.yaml, line 1: name must be one line of text (a number stands in quotes), not empty'],
  ['name: 1228', 'run.yaml, line 1: name must be one line of text (a number stands in quotes), not 1228'],
  ['name: "a\\nb"', 'run.yaml, line 1: name must be one line of text (a number stands in quotes), not "a\\nb"'],
  [
    'cell: 42',
    /^run\.yaml, line 1: cell must be a mapping with width_mm, height_mm, drift_velocity_um_per_ns, not 42$/,
  ],
  ['chambers: []', 'run.yaml, line 1: chambers must be a list of 1 to 16 chambers, not a list of 0'],
  ['__proto__: { name: x }', 'run.yaml, line 1: __proto__ is not a field of a run file'],
  ['"a\\nb": 1', 'run.yaml, line 1: "a\\nb" is not a field of a run file'],
])('%j is refused', (text, message) => {
  expect(errorOf(text).message).toMatch(message)
})

test.each([
  [
    'first_channel: 64, offset_ns: 101.4',
    'first_channel: 500, offset_ns: 101.4',
    'chambers[1].first_channel must be a whole number from 0 to 448, not 500',
  ],
  [
    'first_channel: 64, offset_ns: 101.4',
    'first_channel: 1.5, offset_ns: 101.4',
    'chambers[1].first_channel must be a whole number from 0 to 448, not 1.5',
  ],
  [
    'first_channel: 64, offset_ns: 101.4',
    'first_channel: x, offset_ns: 101.4',
    'chambers[1].first_channel must be a whole number from 0 to 448, not "x"',
  ],
  [
    'first_channel: 64, offset_ns: 101.4',
    'offset_ns: 101.4',
    'chambers[1].first_channel is missing: it must be a whole number from 0 to 448',
  ],
  [
    'first_channel: 64, offset_ns: 101.4',
    'frist_channel: 64, offset_ns: 101.4',
    'chambers[1].frist_channel is not a field of a run file, did you mean first_channel?',
  ],
  [
    'first_channel: 64, offset_ns: 101.4',
    'first_channel: 40, offset_ns: 101.4',
    'chambers[1].first_channel gives it channels 40 to 63 of FPGA 0, which chambers[0] has already',
  ],
  ['offset_ns: 101.4', 'offset_ns: .nan', 'chambers[1].offset_ns must be a number from -22275 to 22275, not NaN'],
  ['view: theta', 'view: eta', 'chambers[1].view must be phi or theta, not "eta"'],
  [
    'fpga: 1, channel: 128',
    'fpga: 1, channel: 100',
    'scintillator.channel must be outside the chambers, and 100 is in chambers[3] (channels 64 to 127 of FPGA 1)',
  ],
  ['width_mm: 42', 'width_mm: 0', 'cell.width_mm must be a number from 0.001 to 1000000, not 0'],
  [
    'ns: 53.8',
    'ns: 0.5',
    'cell.drift_velocity_um_per_ns makes the longest drift time 42000 ns, and a quarter of an orbit (22275 ns) is the most',
  ],
  [
    'channel_mod_4: 1',
    'channel_mod_4: 3',
    'layers[1].channel_mod_4 must differ from layer to layer, and 3 is that of layers[0] already',
  ],
  [
    'z_mm:  -6.5',
    'z_mm: -19.5',
    'layers[1].z_mm must be above -19.5, the height of layers[0] (layers go from the bottom up), not -19.5',
  ],
  [
    'first_wire_mm: -315, z_mm:  -6.5',
    'first_wire_mm: 400, z_mm: -6.5',
    'layers[1].first_wire_mm must be less than 630 mm from that of layers[0], and 400 is not',
  ],
  ['high_ns: 550', 'high_ns: -200', 'drift_time.high_ns must be above low_ns (-100), not -200'],
  ['width_ns: 2.5', 'width_ns: 3', 'drift_time.width_ns must divide -100 to 550 into whole bins, and 3 makes 216.6667'],
  [
    'width_ns: 2.5',
    'width_ns: 1300',
    'drift_time.width_ns must divide -100 to 550 into whole bins, and 1300 makes 0.5',
  ],
  ['width_ns: 2.5', 'width_ns: 0.01', 'drift_time.width_ns makes 65000 bins, and 10000 are the most'],
  ['layout: head2-fpga4\n', 'layout: head9\n', 'raw_word.layout must be head2-fpga4 or head3-fpga3, not "head9"'],
  ['[137, 138]', '[137, 512]', 'raw_word.tdc_offset_except[1] must be a whole number from 0 to 511, not 512'],
])('%j changed to %j is refused, with the line', (from, to, message) => {
  const text = changed(from, to)
  expect(errorOf(text).message).toBe(`run.yaml, line ${lineOf(from)}: ${message}`)
})

test('a fifth layer and a seventeenth chamber are refused', () => {
  const fifth = changed('layers:\n', 'layers:\n  - { channel_mod_4: 0, first_wire_mm: 0, z_mm: -40 }\n')
  expect(errorOf(fifth).message).toMatch(/: layers must be a list of 4 layers, not a list of 5$/)
  const chamber = (i: number) =>
    `{ fpga: ${i % 16}, first_channel: ${i < 16 ? 0 : 64}, offset_ns: 0, z_mm: ${i}, view: phi }`
  const list = (count: number) => `chambers: [${Array.from({ length: count }, (_, i) => chamber(i)).join(', ')}]`
  expect(parseRunFile(list(16), 'run.yaml').chambers).toHaveLength(16)
  expect(errorOf(list(17)).message).toBe(
    'run.yaml, line 1: chambers must be a list of 1 to 16 chambers, not a list of 17',
  )
})

test('a default that no longer fits what the file says is named, without a line', () => {
  const chamber = '{ fpga: 1, first_channel: 100, offset_ns: 0, z_mm: 0, view: phi }'
  expect(errorOf(`chambers: [${chamber}]`).message).toBe(
    'run.yaml: scintillator.channel must be outside the chambers, and 128 is in chambers[0] (channels 100 to 163 of FPGA 1)',
  )
})

test('an unknown key comes with the names that there are', () => {
  expect(errorOf('driftime: 1')).toMatchObject({
    message: 'run.yaml, line 1: driftime is not a field of a run file, did you mean drift_time?',
    suggestions: ['fields here: name, raw_word, chambers, scintillator, cell, layers, drift_time, health'],
  })
})

test('of health, each check can be left out, changed or switched off', () => {
  const text = 'health: { rate: off, lag: { messages: 5, seconds: 10 }, ignore_cells: [{ chamber: 2, cell: 41 }] }'
  expect(parseRunFile(text, 'run.yaml').health).toStrictEqual({
    ...DEFAULT_RUN.health,
    rate: 'off',
    lag: { messages: 5, seconds: 10 },
    ignore_cells: [{ chamber: 2, cell: 41 }],
  })
})

test.each([
  ['rate: { least: 3 }', 'health.rate.least is not a field of a run file, did you mean least_hz?'],
  ['rate: { least_hz: 3 }', 'health.rate.most_hz is missing: it must be a number from 0 to 1000000000'],
  ['rate: { least_hz: 3, most_hz: 2 }', 'health.rate.most_hz must be above least_hz (3), not 2'],
  ['lag: on', 'health.lag must be off or a mapping with messages, seconds, not "on"'],
  ['lagg: off', 'health.lagg is not a field of a run file, did you mean lag?'],
  ['ignore_cells: [{ chamber: 9, cell: 3 }]', "health.ignore_cells[0].chamber must be one of the run's, 0 to 3, not 9"],
  [
    'ignore_cells: [{ chamber: 0, cel: 3 }]',
    'health.ignore_cells[0].cel is not a field of a run file, did you mean cell?',
  ],
])('health: { %s } is refused', (limits, message) => {
  expect(errorOf(`health: { ${limits} }`).message).toBe(`run.yaml, line 1: ${message}`)
})
