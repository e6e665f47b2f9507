import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRowBuffer } from '../../src/core/rows/row-buffer.js'
import { waitForRows } from '../../src/replay/due-rows.js'
import { ratePacer } from '../../src/replay/pacer.js'

/** A block of so many rows: what is in them does not matter to a rate. */
function block(length: number) {
  const rows = createRowBuffer(length)
  rows.length = length
  return rows
}

/** Sends all that is due at each of the times, block by block, and gives the totals. */
function totalsAt(rate: number, startMs: number, timesMs: readonly number[], blocks: () => number): number[] {
  const pacer = ratePacer(rate, startMs)
  let total = 0
  let row = 0
  let length = blocks()
  pacer.begin(block(length))
  return timesMs.map((nowMs) => {
    for (;;) {
      const due = pacer.due(row, nowMs)
      total += due
      row += due
      if (row < length) return total
      length = blocks()
      pacer.begin(block(length))
      row = 0
    }
  })
}

const anyRate = fc.oneof(
  fc.constantFrom(1, 1000, 5000, 1000 / 60, 1 / 3),
  fc.double({ min: 0.01, max: 1e5, noNaN: true }),
)
/** Times that go on, stand still, crawl or jump. */
const anyTimes = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 5000 })), {
    minLength: 1,
    maxLength: 30,
  })
  .map((steps) => {
    let now = 0
    return steps.map((step) => (now += step))
  })

describe('a rate', () => {
  it('has sent floor(t * rate) rows at any time t, whatever happened before', () => {
    fc.assert(
      fc.property(
        anyRate,
        anyTimes,
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
        (rate, times, sizes) => {
          let turn = 0
          const totals = totalsAt(rate, 0, times, () => sizes[turn++ % sizes.length])
          expect(totals).toEqual(times.map((ms) => Math.floor((ms * rate) / 1000)))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('counts from the start, and owes nothing for the time before', () => {
    expect(totalsAt(1000, 5_000_000, [0, 5_000_000, 5_000_001, 5_060_000], () => 7777)).toEqual([0, 0, 1, 60_000])
  })

  it('says of each row when it is due', () => {
    fc.assert(
      fc.property(anyRate, fc.nat(1000), (rate, index) => {
        const pacer = ratePacer(rate, 0)
        pacer.begin(block(500))
        pacer.begin(block(1001))
        const dueMs = pacer.dueAtMs(index)
        const little = Math.max(1e-6, dueMs * 1e-9)
        expect(pacer.due(0, dueMs - little)).toBe(index)
        expect(pacer.due(0, dueMs + little)).toBe(index + 1)
      }),
    )
  })

  it('of max is always due', () => {
    const pacer = ratePacer(Number.POSITIVE_INFINITY, 1e9)
    pacer.begin(block(100))
    expect([pacer.due(0, 0), pacer.due(30, 0), pacer.dueAtMs(99), pacer.wantedRate]).toEqual([
      100,
      70,
      0,
      Number.POSITIVE_INFINITY,
    ])
  })
})

describe('waiting for rows', () => {
  const RATE = 100_000
  const ROWS = 60_000

  /** A clock that makes these steps each time it is looked at, and goes on by itself between. */
  function steppingClock(steps: readonly number[]) {
    let extra = 0
    let turn = 0
    const start = performance.now()
    const clock = {
      last: 0,
      now() {
        extra += steps[turn++ % steps.length]
        clock.last = performance.now() - start + extra
        return clock.last
      },
    }
    return clock
  }

  it('gives what is due at the time, whatever the clock does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 0, 0.5, 30, 200), { minLength: 3, maxLength: 20 }),
        async (steps) => {
          const clock = steppingClock([...steps, 1])
          const pacer = ratePacer(RATE, 0)
          pacer.begin(block(ROWS))
          for (let row = 0, sends = 0; row < ROWS && sends < 10; sends++) {
            row += await waitForRows({ pacer, now: clock.now, signal: new AbortController().signal }, row, ROWS)
            expect(row).toBe(Math.min(ROWS, Math.floor((clock.last * RATE) / 1000)))
          }
        },
      ),
      { numRuns: 8 },
    )
  })

  it('gives no more than 50,000 rows at once, although more are due', async () => {
    const pacer = ratePacer(Number.POSITIVE_INFINITY, 0)
    pacer.begin(block(ROWS))
    const options = { pacer, now: () => 0, signal: new AbortController().signal }
    expect(await waitForRows(options, 0, ROWS)).toBe(50_000)
    expect(await waitForRows(options, 50_000, ROWS)).toBe(10_000)
  })

  it('gives a batch when its last row is due, and what is left at the end', async () => {
    const clock = steppingClock([0])
    const pacer = ratePacer(RATE, 0)
    pacer.begin(block(2500))
    const options = { pacer, batch: 1000, now: clock.now, signal: new AbortController().signal }
    for (const [row, wanted] of [
      [0, 1000],
      [1000, 1000],
      [2000, 500],
    ]) {
      expect(await waitForRows(options, row, 2500)).toBe(wanted)
      expect(clock.last).toBeGreaterThanOrEqual(((row + wanted) * 1000) / RATE)
    }
  })

  it('ends with the signal, however far off the row is, and looks at the clock a few times only', async () => {
    for (const rate of [0.001, 1e-9]) {
      const stop = new AbortController()
      const pacer = ratePacer(rate, performance.now())
      pacer.begin(block(10))
      let looks = 0
      const now = () => {
        looks++
        return performance.now()
      }
      setTimeout(() => stop.abort(), 100)
      await waitForRows({ pacer, now, signal: stop.signal }, 0, 10)
      expect(stop.signal.aborted).toBe(true)
      expect(looks).toBeLessThan(10)
    }
  })
})
