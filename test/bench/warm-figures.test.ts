import { expect, it } from 'vitest'
import { type Batch, warmFigures } from '../../bench/spark/warm-figures.js'

/** 2 CPU seconds in the first second, then half a second in each. */
const USAGE = [0, 1000, 2000, 3000, 4000].map((atMs, i) => ({ atMs, cpuSeconds: i === 0 ? 0 : 1.5 + i / 2, bytes: 1 }))

it('leaves out the batches that bring the first third of the rows, and what was used for them', () => {
  const batches: Batch[] = [
    { rows: 100, endedMs: 1000 },
    { rows: 0, endedMs: 1500 },
    { rows: 100, endedMs: 2500 },
    { rows: 100, endedMs: 3500 },
  ]
  expect(warmFigures(batches, USAGE)).toEqual({ rowsPerSecond: 80, cpuUsPerRow: 1.25e6 / 200 })
})

it('takes batches in the order of their ends', () => {
  const batches: Batch[] = [
    { rows: 50, endedMs: 3000 },
    { rows: 100, endedMs: 2000 },
  ]
  expect(warmFigures(batches, USAGE)).toEqual({ rowsPerSecond: 50, cpuUsPerRow: 0.5e6 / 50 })
})
