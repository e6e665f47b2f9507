import { expect, it } from 'vitest'
import {
  countedInNode,
  countedOnSpark,
  type SentRow,
  windowLatencies,
  windowOf,
} from '../../bench/spark/window-latencies.js'
import { emptyResult } from '../../src/core/results/empty-result.js'
import type { SourceRange } from '../../src/core/results/result.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'

/** The first orbits of the windows of a second. */
const SECONDS = [0, 11_224, 22_447]

function row(orbit: number, partition: number, offset: number, sentMs: number): SentRow {
  return { orbit, partition, offset, sentMs }
}

function seen(seenMs: number, range: SourceRange, msg_ID = 0) {
  return { value: { ...emptyResult(DEFAULT_RUN), msg_ID, source: [range] }, seenMs }
}

it('puts orbits into the windows of the detector’s clock as the SQL does', () => {
  expect(SECONDS.flatMap((first) => [windowOf(first - 1, 1000), windowOf(first, 1000)])).toEqual([-1, 0, 0, 1, 1, 2])
})

it('takes the time from a window’s last row to its result on Spark, and leaves out windows without', () => {
  const rows = [row(3, 0, 0, 100), row(10, 1, 0, 900), row(SECONDS[1], 0, 1, 1500), row(SECONDS[2], 0, 2, 2500)]
  const window = (from: number, to: number) => ({ topic: 't', since: [0, 0], from, to, watermark: to - 1 })
  const results = [seen(4000, window(SECONDS[1], SECONDS[2]), 1), seen(3000, window(0, SECONDS[1]), 0)]
  expect(windowLatencies(rows, countedOnSpark(results, 1000), 1000)).toEqual([2100, 2500])
})

it('waits in Node until the orbit of each row is closed in its partition', () => {
  const rows = [row(3, 0, 0, 100), row(10, 1, 0, 900), row(20, 1, 1, 950)]
  const part = (partition: number, from: number, to: number, watermark: number) => ({
    ...{ topic: 't', partition, from, to, watermark },
  })
  const results = [
    seen(1000, part(0, 0, 1, 5)),
    // read, but its last orbit is still open
    seen(1100, part(1, 0, 2, 15)),
    seen(1700, part(1, 2, 3, 25)),
  ]
  expect(windowLatencies(rows, countedInNode(results), 1000)).toEqual([750])
})
