import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRowBuffer } from '../../../src/core/rows/row-buffer.js'
import { createSimulator } from '../../../src/core/simulator/simulator.js'
import { chamberOf, optionsOf, rowsOf, textOf } from './stream.js'

const ROWS = 400_000
const ROWS_PER_SECOND = 1000
const SECONDS_PER_ORBIT = 89.1e-6

test('a seed and a count give the same bytes always', () => {
  const digest = createHash('sha256')
    .update(textOf(rowsOf('seed=7', 100_000)))
    .digest('hex')
  expect(digest).toBe('53dde09d7d5efffa61bfdc0909a8d35cca638a1135fb540754eb2b7b1a0eabc3')
})

test('another seed gives other rows', () => {
  expect(textOf(rowsOf('seed=8', 1000)).equals(textOf(rowsOf('seed=7', 1000)))).toBe(false)
})

test('the sizes of the buffers make no difference', () => {
  const options = optionsOf('restart=2500&muons=300/s')
  const whole = textOf(rowsOf(options, 5000))
  const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(sizes, (capacities) => {
      const simulator = createSimulator(options)
      const pieces: Buffer[] = []
      for (let rows = 0, i = 0; rows < 5000; i++) {
        const capacity = Math.min(capacities[i % capacities.length], 5000 - rows)
        const buffer = createRowBuffer(capacity)
        buffer.malformed.count = 1
        simulator.fill(buffer)
        expect([buffer.length, buffer.malformed.count]).toEqual([capacity, 0])
        pieces.push(textOf(buffer.columns))
        rows += capacity
      }
      expect(Buffer.concat(pieces).equals(whole)).toBe(true)
    }),
    { numRuns: 30 },
  )
})

test('columns hold what their text reads back as', () => {
  const columns = rowsOf('', 20_000)
  const lines = textOf(columns).toString('latin1').trimEnd().split('\n')
  for (const [i, line] of lines.entries()) {
    const { head, fpga, channel, orbit, bx, tdc } = columns
    const values = line.split(',').map(Number)
    expect(values.map(Math.fround)).toEqual([head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]].map(Math.fround))
  }
})

test('TDC_MEAS has six decimals in HEAD 4 and 5 and none elsewhere, as in the real rows', () => {
  const lines = textOf(rowsOf('', 100_000)).toString('latin1').trimEnd().split('\n')
  const usual = /^(?:[0123],\d,\d+,\d+,\d+,\d+|[45],\d,0,\d+,0,-?\d+\.\d{6})$/
  expect(lines.filter((line) => !usual.test(line))).toEqual([])
})

test('the default stream has about 1000 rows per second of detector time, mixed as configured', () => {
  const columns = rowsOf('', ROWS)
  const counts = { hits: 0, scintillator: 0, unmapped: 0, ancillary: 0 }
  let last = 0
  for (let i = 0; i < ROWS; i++) {
    const chamber = chamberOf(columns, i)
    if (columns.head[i] !== 2) counts.ancillary++
    else if (chamber === undefined) counts.unmapped++
    else if (chamber < 0) counts.scintillator++
    else counts.hits++
    if (columns.head[i] === 2) last = Math.max(last, columns.orbit[i])
  }
  const seconds = (last - 3_387_200_000) * SECONDS_PER_ORBIT
  expect(Math.abs(ROWS / seconds / ROWS_PER_SECOND - 1)).toBeLessThan(0.03)
  const muons = counts.ancillary / 10
  expect(Math.abs(muons / seconds / 25 - 1)).toBeLessThan(0.05)
  expect(Math.abs(counts.scintillator / muons / 0.95 - 1)).toBeLessThan(0.02)
  expect(Math.abs(counts.unmapped / muons / 0.1 - 1)).toBeLessThan(0.1)
})

test('hits and signals are as a readout gives them', () => {
  const { head, channel, bx, tdc } = rowsOf('muons=2k/s', ROWS)
  const wrong = head.filter(
    (value, i) => value === 2 && (bx[i] > 3563 || tdc[i] > 29 || !Number.isInteger(tdc[i]) || channel[i] > 139),
  )
  expect(wrong).toHaveLength(0)
})

test('a noisy cell takes just under a third of its chamber, a dead one gives nothing, the rest is even', () => {
  const columns = rowsOf('noisy=1:2&dead=2:41&muons=0&noise=1k/s&noisy-share=0.3', ROWS)
  const counts = new Float64Array(256)
  for (let i = 0; i < ROWS; i++) counts[64 * (chamberOf(columns, i) ?? 0) + (columns.channel[i] % 64)]++
  const chamber1 = counts.slice(64, 128).reduce((sum, count) => sum + count)
  expect(Math.abs(counts[64 + 2] / chamber1 - 0.3)).toBeLessThan(0.01)
  expect(counts[128 + 41]).toBe(0)
  const others = [...counts].filter((_, cell) => cell !== 66 && cell !== 169)
  const mean = others.reduce((sum, count) => sum + count) / others.length
  for (const count of others) expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean))
})

test('a dead cell does not see muons either', () => {
  const columns = rowsOf('noise=0&noisy=none&dead=2:41', 100_000)
  const counts = new Float64Array(64)
  for (let i = 0; i < columns.head.length; i++) if (chamberOf(columns, i) === 2) counts[columns.channel[i]]++
  expect(counts[41]).toBe(0)
  expect(Math.min(...counts.filter((_, cell) => cell !== 41))).toBeGreaterThan(0)
})

test.each([
  ['efficiency=0', 0],
  ['efficiency=0.5', 0.5],
  ['efficiency=1', 1],
])('%s', (query, efficiency) => {
  const columns = rowsOf(`${query}&noise=0&noisy=none&dead=none`, 50_000)
  let hits = 0
  let words = 0
  for (let i = 0; i < columns.head.length; i++) {
    if (columns.head[i] !== 2) words++
    else if ((chamberOf(columns, i) ?? -1) >= 0) hits++
  }
  expect(hits / ((words / 10) * 16)).toBeCloseTo(efficiency, 1.5)
})

test('a run of other chambers and FPGAs is simulated as it is', () => {
  const standard = optionsOf('noise=1k/s')
  const chambers = [3, 9, 12].map((fpga, i) => ({ ...standard.run.chambers[i], fpga, first_channel: 100 * i }))
  const columns = rowsOf(
    { ...standard, run: { ...standard.run, chambers, scintillator: { fpga: 0, channel: 500 } } },
    50_000,
  )
  const seen = new Set<string>()
  for (let i = 0; i < columns.head.length; i++) {
    const { head, fpga, channel } = columns
    if (head[i] !== 2) seen.add(`${fpga[i]} word`)
    else
      seen.add(
        `${fpga[i]} ${channel[i] === 500 ? 500 : Math.floor((channel[i] - 100 * [3, 9, 12].indexOf(fpga[i])) / 64)}`,
      )
  }
  const [virtual, ...rest] = [...seen].sort()
  expect([virtual, ...rest]).toEqual(['0 3', '0 500', '12 0', '12 word', '3 0', '3 word', '9 0', '9 word'])
})
