import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateMeter } from '../../src/cli/rate-meter.js'

describe('RateMeter', () => {
  it('is 0 until two samples lie apart', () => {
    const meter = new RateMeter()
    expect(meter.rate).toBe(0)
    meter.add(100, 1000)
    expect(meter.rate).toBe(0)
    meter.add(200, 1000)
    expect(meter.rate).toBe(0)
    meter.add(200, 1100)
    expect(meter.rate).toBe(1000)
  })

  it('forgets what lies before its window', () => {
    const meter = new RateMeter(5000)
    for (let second = 0; second <= 10; second++) meter.add(second * 1000, second * 1000)
    expect(meter.rate).toBe(1000)
    for (let second = 11; second <= 15; second++) meter.add(10_000, second * 1000)
    expect(meter.rate).toBe(0)
  })

  it('is exact for a steady stream, however it is sampled', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 2, maxLength: 50 })
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 10 ** 6 }), (gapsMs, rate) => {
        const meter = new RateMeter()
        let nowMs = 0
        for (const gap of gapsMs) {
          nowMs += gap
          meter.add((rate * nowMs) / 1000, nowMs)
        }
        expect(meter.rate).toBeCloseTo(rate, 3)
      }),
    )
  })
})
