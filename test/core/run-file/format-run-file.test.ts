import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatRunFile } from '../../../src/core/run-file/format-run-file.js'
import { parseRunFile } from '../../../src/core/run-file/parse-run-file.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { anyRun } from './arbitrary-run.js'

test('the default run, written and read, is the default run', () => {
  expect(parseRunFile(formatRunFile(DEFAULT_RUN), 'default.yaml')).toStrictEqual(DEFAULT_RUN)
})

test('any run, written and read, is the same run', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      expect(parseRunFile(formatRunFile(run), 'any.yaml')).toEqual(run)
    }),
    { numRuns: 300 },
  )
})

test.each([
  'null',
  'yes',
  '1228',
  '- x',
  'a: b',
  '#1',
  '"quoted"',
  'back\\slash',
  'ünïcode µ',
  ' blank ',
  '~',
  '0x10',
  '.nan',
])('a run may be called %j', (name) => {
  expect(parseRunFile(formatRunFile({ ...DEFAULT_RUN, name }), 'named.yaml').name).toBe(name)
})

test('every field is explained: its name stands in a comment or its unit in its name', () => {
  const text = formatRunFile(DEFAULT_RUN)
  for (const field of [
    'layout',
    'channel_offset',
    'tdc_offset',
    'first_channel',
    'offset_ns',
    'view',
    'channel_mod_4',
  ]) {
    expect(text).toMatch(new RegExp(`^# +${field} +\\S`, 'm'))
  }
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
})
