import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { niceStep, niceTicks, niceTop } from '../../src/dashboard/ticks.js'

const positive = fc.double({ min: 1e-6, max: 1e12, noNaN: true })

describe('ticks', () => {
  it('are round numbers within the range', () => {
    expect(niceTicks(-100, 550, 6)).toEqual([0, 200, 400])
    expect(niceTicks(-100, 550, 13)).toEqual([-100, -50, 0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550])
    expect(niceTicks(0, 0.7, 4)).toEqual([0, 0.2, 0.4, 0.6])
    expect(niceTicks(0.3, 0.9, 6)).toEqual([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
  })

  it('are multiples of a step of 1, 2 or 5, and no more than asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000, max: 10_000 }),
        positive,
        fc.integer({ min: 1, max: 40 }),
        (low, span, most) => {
          const step = niceStep(span, most)
          expect(['1', '2', '5']).toContain(step.toExponential(0)[0])
          const ticks = niceTicks(low, low + span, most)
          expect(ticks.length).toBeLessThanOrEqual(most + 1)
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(low - step * 1e-6)
            expect(tick).toBeLessThanOrEqual(low + span + step * 1e-6)
          }
        },
      ),
    )
  })
})

describe('the end of an axis', () => {
  it('is a round number at or a little above the value', () => {
    expect([0, 1, 9.5, 101, 251, 999, 0.031].map(niceTop)).toEqual([1, 1, 10, 120, 300, 1000, 0.035])
    fc.assert(
      fc.property(positive, (value) => {
        const top = niceTop(value)
        expect(top).toBeGreaterThanOrEqual(value * (1 - 1e-8))
        expect(top).toBeLessThanOrEqual(value * 1.34)
      }),
    )
  })
})
