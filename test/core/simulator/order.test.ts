import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Columns } from '../../../src/core/rows/row-buffer.js'
import { rowsOf } from './stream.js'

const ROWS = 500_000
/** No row of the stream may be further behind; the default grace is 2048. */
const FURTHEST_BEHIND = 600

/** Over rows with HEAD 2: how far the furthest is behind the highest orbit before it, the counter's wrap followed. */
function furthestBehind({ head, orbit }: Columns, from = 0, to = head.length): number {
  let furthest = 0
  let ahead: number | undefined
  for (let i = from; i < to; i++) {
    if (head[i] !== 2) continue
    const behind: number = ahead === undefined ? 0 : (ahead - orbit[i]) | 0
    if (behind <= 0) ahead = orbit[i]
    furthest = Math.max(furthest, behind)
  }
  return furthest
}

test.each([
  '',
  'muons=1/s&noise=2/s',
  'muons=0&noise=20/s&noisy=none',
  'muons=300/s&noise=5k/s',
  'muons=20k/s&noise=100k/s',
  'muons=1k/s&noise=0&noisy=none&orbit=4294960000',
])('sim:?%s is out of order, but never far', (query) => {
  const furthest = furthestBehind(rowsOf(query, ROWS))
  expect(furthest).toBeGreaterThan(50)
  expect(furthest).toBeLessThan(FURTHEST_BEHIND)
})

test('the two FPGAs are some hundred orbits apart, each of them in order', () => {
  const columns = rowsOf('', ROWS)
  const last = [0, 0]
  let apart = 0
  let falls = 0
  for (let i = 0; i < ROWS; i++) {
    if (columns.head[i] !== 2) continue
    const fpga = columns.fpga[i]
    if (columns.orbit[i] < last[fpga]) falls++
    last[fpga] = columns.orbit[i]
    if (last[0] && last[1]) apart = Math.max(apart, Math.abs(last[0] - last[1]))
  }
  expect(falls).toBe(0)
  expect(apart).toBeGreaterThan(100)
})

test('rows come in blocks of up to four, round the queues, as the real ones do', () => {
  const rows = rowsOf('', ROWS)
  const { head, fpga } = rows
  const queue = (i: number) => (head[i] === 2 ? 0 : 2) + fpga[i]
  const blocks: number[] = []
  for (let i = 0, start = 0; i < ROWS; i++) {
    if (i + 1 < ROWS && queue(i + 1) === queue(i)) continue
    blocks.push(i + 1 - start)
    start = i + 1
  }
  const ofFour = blocks.filter((length) => length % 4 === 0).length
  expect(ofFour / blocks.length).toBeGreaterThan(0.5)
})

test('ancillary words are those of the real rows: five a muon and FPGA, far-off orbits, decimals', () => {
  const rows = rowsOf('', ROWS)
  const { head, fpga, channel, orbit, bx, tdc } = rows
  const of = (value: number) => [...head.keys()].filter((i) => head[i] === value)
  for (const f of [0, 1]) {
    const heads = head.filter((value, i) => fpga[i] === f && value !== 2)
    expect(heads.findIndex((value, i) => value !== [3, 1, 0, 4, 5][i % 5])).toBe(-1)
  }

  const distances = of(0).map((i) => (orbit[i] - orbit[head.lastIndexOf(2, i)]) / 1000)
  expect(Math.min(...distances)).toBeGreaterThan(100)
  expect(Math.max(...distances)).toBeLessThan(140)

  expect(of(3).filter((i) => bx[i] > 3563).length / of(3).length).toBeGreaterThan(0.5)
  expect(of(1).filter((i) => tdc[i] > 30).length / of(1).length).toBeGreaterThan(0.2)
  expect(of(0).filter((i) => bx[i] > 3563 || tdc[i] > 29 || channel[i] > 4)).toEqual([])
  expect([3, 1, 4, 5].flatMap(of).filter((i) => channel[i] !== 0)).toEqual([])
  const furthest = (value: number) => of(value).reduce((most, i) => Math.max(most, Math.abs(tdc[i])), 0)
  expect(furthest(4)).toBeGreaterThan(0.5)
  expect(furthest(4)).toBeLessThan(1.5)
  expect(furthest(5)).toBeGreaterThan(80)
  expect(furthest(5)).toBeLessThanOrEqual(84)
})

test('the fixture of real rows has the properties that are asked of ours', () => {
  const text = readFileSync(new URL('../../fixtures/minidt_head_72.txt', import.meta.url), 'utf8')
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map(Number))
  const hits = rows.filter(([head]) => head === 2)
  const columns = {
    head: Uint8Array.from(hits, ([head]) => head),
    orbit: Uint32Array.from(hits, (row) => row[3]),
  } as Columns
  expect(furthestBehind(columns)).toBeGreaterThan(20)
  expect(furthestBehind(columns)).toBeLessThan(FURTHEST_BEHIND)
})

test('the orbit counter wraps', () => {
  const { head, orbit } = rowsOf('orbit=4294960000', ROWS)
  const wrapped = orbit.findIndex((value, i) => head[i] === 2 && value < 1000)
  expect(wrapped).toBeGreaterThan(100)
  expect(orbit.subarray(0, wrapped).filter((value, i) => head[i] === 2 && value < 4_294_960_000)).toHaveLength(0)
})

test.each(['noisy=1:2', 'muons=50k/s&noise=50k/s', 'muons=10/s&noise=10/s'])(
  'a run restarts where asked, the last rows of the old one often among the first of the new one (sim:?%s)',
  (query) => {
    const restart = 2000
    let mixed = 0
    for (let seed = 1; seed <= 20; seed++) {
      const columns = rowsOf(`${query}&seed=${seed}&restart=${restart}`, 2 * restart)
      const { head, fpga, orbit } = columns
      const isNew = (i: number) => orbit[i] < 2 ** 31
      const hits = [...head.keys()].filter((i) => head[i] === 2)
      for (const f of [0, 1]) {
        const firstNew = hits.find((i) => fpga[i] === f && isNew(i)) ?? -1
        const lastOld = hits.findLast((i) => fpga[i] === f && !isNew(i)) ?? -1
        expect(firstNew).toBeGreaterThanOrEqual(restart)
        expect(firstNew).toBeLessThan(restart + 60)
        expect(lastOld).toBeLessThan(firstNew)
        expect(lastOld).toBeGreaterThan(restart - 60)
        expect(orbit[firstNew]).toBeLessThan(20_000)
        expect(orbit[lastOld]).toBeGreaterThan(3e9)
      }
      const firstNew = hits.find(isNew) ?? -1
      const lastOld = hits.findLast((i) => !isNew(i)) ?? -1
      if (lastOld > firstNew) mixed++
      expect(furthestBehind(columns, 0, firstNew)).toBeLessThan(FURTHEST_BEHIND)
      expect(furthestBehind(columns, lastOld + 1)).toBeLessThan(FURTHEST_BEHIND)
    }
    expect(mixed).toBeGreaterThan(5)
  },
)
