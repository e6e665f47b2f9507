import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { parseResult } from '../../src/core/results/parse-result.js'
import type { Result } from '../../src/core/results/result.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../src/dashboard/model.js'
import { createMergedPrinter } from '../../src/watch/print-merged.js'
import { resultOf } from '../support/results.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Result `n` of a lane, with n + 1 hits. */
function result(n: number): Result {
  const hits = Array.from({ length: n + 1 }, () => ({ chamber: 1, cell: n, bin: 3 }))
  return resultOf({
    ...{ orbits: [{ orbit: 100 + n, scintillator: false, hits }], lateHits: [], msg_ID: n },
    others: { ancillary: 0, unmapped: 0, malformed: 0 },
    source: [{ topic: 'data_raw', partition: 0, from: 10 * n, to: 10 * (n + 1), watermark: 100 + n }],
  })
}

function printer() {
  const lines: string[] = []
  const made = createMergedPrinter(
    new DashboardModel(DEFAULT_RUN),
    (line) => lines.push(line),
    () => undefined,
  )
  const hits = () =>
    lines.map((line) => {
      const sum = parseResult(line)
      return typeof sum === 'string' ? sum : sum.hit_count
    })
  return { ...made, lines, hits }
}

it('prints the sum once a second, where it has changed, and what is left at the end', () => {
  const { add, stop, hits } = printer()
  vi.advanceTimersByTime(3000)
  expect(hits()).toEqual([])
  add(result(0))
  add(result(1))
  expect(hits()).toEqual([])
  vi.advanceTimersByTime(1000)
  expect(hits()).toEqual([3])
  vi.advanceTimersByTime(5000)
  expect(hits()).toEqual([3])
  add(result(2))
  stop()
  expect(hits()).toEqual([3, 6])
  vi.advanceTimersByTime(5000)
  expect(hits()).toEqual([3, 6])
})

it('does not count a repetition, nor print because of one', () => {
  const { add, stop, hits } = printer()
  add(result(0))
  vi.advanceTimersByTime(1000)
  add(result(0))
  vi.advanceTimersByTime(1000)
  stop()
  expect(hits()).toEqual([1])
})

it('prints a result: who made it, what it covers, and no list of orbits', () => {
  const { add, stop, lines } = printer()
  add(result(0))
  add(result(1))
  stop()
  expect(lines).toHaveLength(1)
  const sum = JSON.parse(lines[0])
  expect(sum).toMatchObject({
    ...{ schema: 'dtstream.result/1', worker: 'watch', orbits: { first: 100, last: 101, count: 2 } },
    source: [{ topic: 'data_raw', partition: 0, from: 0, to: 20, watermark: 101 }],
  })
  expect(sum).not.toHaveProperty('active_tdc_chamber')
})
