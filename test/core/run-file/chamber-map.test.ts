import { expect, test } from 'vitest'
import { createChamberMap, SCINTILLATOR, UNMAPPED } from '../../../src/core/run-file/chamber-map.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'

test('the default run maps channels as the detector does', () => {
  const { target, cell } = createChamberMap(DEFAULT_RUN)
  expect([target.length, cell.length]).toEqual([16 * 512, 16 * 512])
  for (let fpga = 0; fpga < 16; fpga++) {
    for (let channel = 0; channel < 512; channel++) {
      const at = fpga * 512 + channel
      const inChamber = fpga < 2 && channel < 128
      const elsewhere = fpga === 1 && channel === 128 ? SCINTILLATOR : UNMAPPED
      expect(target[at]).toBe(inChamber ? 2 * fpga + (channel < 64 ? 0 : 1) : elsewhere)
      expect(cell[at]).toBe(inChamber ? channel % 64 : 0)
    }
  }
})

test('a chamber may begin at any channel and end at the last', () => {
  const chambers = [{ ...DEFAULT_RUN.chambers[0], fpga: 15, first_channel: 448 }]
  const { target, cell } = createChamberMap({ ...DEFAULT_RUN, chambers })
  expect([...target.subarray(-65)]).toEqual([UNMAPPED, ...Array(64).fill(0)])
  expect([...cell.subarray(-64)]).toEqual(Array.from({ length: 64 }, (_, i) => i))
  expect(target.filter((value) => value === 0)).toHaveLength(64)
})
