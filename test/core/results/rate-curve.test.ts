import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CURVE_SECONDS, presentRate, RateCurve } from '../../../src/core/results/rate-curve.js'
import { T0 } from '../../dashboard/made-up.js'

const LANES = 10
const HITS = 30

/** What ten lanes send in so many seconds: the same count a second each, in intervals with phases of their own. */
function sent(phases: readonly number[], delays: readonly number[], seconds: number) {
  return Array.from({ length: seconds }, (_, i) =>
    phases.map((phase, lane) => {
      const startMs = T0 + i * 1000 + phase
      return {
        lane: String(lane),
        startMs,
        endMs: startMs + 1000,
        atMs: startMs + 1000 + delays[(i + lane) % delays.length],
      }
    }),
  )
    .flat()
    .sort((a, b) => a.atMs - b.atMs)
}

describe('a rate curve', () => {
  it('is steady when lanes with staggered intervals send steadily', () => {
    const phases = fc.array(fc.nat(999), { minLength: LANES, maxLength: LANES })
    const delays = fc.array(fc.nat(700), { minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(phases, delays, (phase, delay) => {
        const curve = new RateCurve(1)
        for (const { atMs, ...span } of sent(phase, delay, 20)) {
          curve.add(span, [HITS], atMs)
          const [rates] = curve.curves(atMs)
          // The lanes begin within a second of each other; from the next one on all are at work.
          const begun = rates.filter((rate, i) => rate !== null && secondOf(i, atMs) > T0 / 1000)
          for (const rate of begun) expect(rate).toBeCloseTo(LANES * HITS, 6)
        }
        const end = T0 + 21_000
        const [rates] = curve.curves(end)
        expect(rates.filter((rate) => rate !== null).length).toBeGreaterThanOrEqual(18)
        expect(presentRate(rates)).toBeCloseTo(LANES * HITS, 6)
      }),
      { numRuns: 30 },
    )
  })

  it('waits for a lane that is late, and no longer than it should for one that is gone', () => {
    const curve = new RateCurve(1)
    for (let i = 0; i < 12; i++) {
      const startMs = T0 + i * 1000
      const span = { startMs, endMs: startMs + 1000 }
      curve.add({ lane: 'a', ...span }, [10], startMs + 1000)
      if (i < 3) curve.add({ lane: 'b', ...span }, [5], startMs + 1000)
      const known = curve.curves(startMs + 1000)[0].filter((rate) => rate !== null)
      if (i < 3) expect(known).toEqual(new Array(i + 1).fill(15))
      else if (i < 7) expect(known).toEqual([15, 15, 15])
      else expect(known).toEqual([15, 15, 15, ...new Array(i - 2).fill(10)])
    }
  })

  it('is null where no result covers a second', () => {
    const curve = new RateCurve(1)
    curve.add({ lane: 'a', startMs: T0, endMs: T0 + 2000 }, [20], T0 + 2000)
    curve.add({ lane: 'a', startMs: T0 + 5000, endMs: T0 + 6000 }, [30], T0 + 6000)
    expect(curve.curves(T0 + 6000)[0].slice(-6)).toEqual([10, 10, null, null, null, 30])
  })

  it('spreads long intervals evenly, and takes one without length for its second', () => {
    const curve = new RateCurve(2)
    curve.add({ lane: 'a', startMs: T0, endMs: T0 + 60_000 }, [600, 60], T0 + 60_000)
    expect(curve.curves(T0 + 60_000).map((rates) => rates.slice(-60))).toEqual([
      new Array(60).fill(10),
      new Array(60).fill(1),
    ])
    const other = new RateCurve(1)
    other.add({ lane: 'a', startMs: T0, endMs: T0 }, [7], T0 + 1000)
    other.add({ lane: 'a', startMs: T0 + 2000, endMs: T0 + 2000 }, [0], T0 + 2000)
    expect(other.curves(T0 + 3000)[0].slice(-3)).toEqual([7, null, null])
  })

  it('forgets what is older than it reaches, whatever intervals and lanes come', () => {
    const curve = new RateCurve(1)
    curve.add({ lane: 'old', startMs: 0, endMs: T0 }, [T0 / 1000], T0)
    expect(curve.curves(T0)[0]).toEqual(new Array(CURVE_SECONDS).fill(1))
    for (let i = 0; i < 5000; i++) curve.add({ lane: `lane ${i}`, startMs: T0, endMs: T0 + 1000 }, [1], T0 + 1000)
    expect(curve.curves(T0 + 1000)[0].at(-1)).toBe(5000)
    expect(curve.curves(T0 + 1000 * (CURVE_SECONDS + 2))[0]).toEqual(new Array(CURVE_SECONDS).fill(null))
  })
})

describe('the present rate', () => {
  it('is the mean of the last five seconds that are known', () => {
    expect(presentRate([1, 1, 10, 20, 30, 40, 50, null, null])).toBe(30)
    expect(presentRate([null, 4, null])).toBe(4)
    expect(presentRate([null, null])).toBeUndefined()
  })
})

function secondOf(index: number, atMs: number): number {
  return Math.floor(atMs / 1000) - CURVE_SECONDS + index
}
