import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Redraw } from '../../../src/dashboard/terminal/redraw.js'

describe('drawing', () => {
  let frames = 0
  let redraw: Redraw

  beforeEach(() => {
    vi.useFakeTimers()
    frames = 0
    redraw = new Redraw(() => frames++, 5)
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('happens at once, then five times a second at most, and never for nothing', () => {
    redraw.request()
    expect(frames).toBe(1)
    for (let ms = 0; ms < 1000; ms += 10) {
      redraw.request()
      vi.advanceTimersByTime(10)
    }
    expect(frames).toBe(6)
    vi.advanceTimersByTime(10_000)
    expect(frames).toBeLessThanOrEqual(7)
  })

  it('does not forget the last request', () => {
    redraw.request()
    vi.advanceTimersByTime(50)
    redraw.request()
    expect(frames).toBe(1)
    vi.advanceTimersByTime(150)
    expect(frames).toBe(2)
  })

  it('happens at once for a key, and no more once stopped', () => {
    redraw.request()
    redraw.now()
    expect(frames).toBe(2)
    redraw.request()
    redraw.stop()
    vi.advanceTimersByTime(1000)
    expect(frames).toBe(2)
  })
})
