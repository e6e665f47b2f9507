import { expect, test } from 'vitest'
import { nearestName } from '../src/nearest-name.js'

const NAMES = ['muons', 'noise', 'noisy', 'noisy-share', 'first_channel']

test.each([
  ['muon', 'muons'],
  ['MUONS', 'muons'],
  ['nosie', 'noise'],
  ['noizy', 'noisy'],
  ['noisy_share', 'noisy-share'],
  ['firstchannel', 'first_channel'],
  ['frist_chanel', 'first_channel'],
])('%s was meant to be %s', (unknown, meant) => {
  expect(nearestName(unknown, NAMES)).toBe(meant)
})

test.each(['', 'x', 'temperature', '__proto__'])('%j is near to none', (unknown) => {
  expect(nearestName(unknown, NAMES)).toBeUndefined()
})

test('a swap is one edit, not two', () => {
  expect(nearestName('ab', ['xb', 'ba'])).toBe('xb')
  expect(nearestName('abcd', ['xxcd', 'bacd'])).toBe('bacd')
})
