import { describe, expect, it } from 'vitest'
import { RowLatency } from './row-latency.js'

describe('how long rows take', () => {
  it('is until the first result that lies behind them and closes their orbit, whichever is looked at first', () => {
    const latency = new RowLatency()
    latency.addRow(3, { offset: 0, orbit: 10, sentAt: 1000 })
    latency.addRow(3, { offset: 1, orbit: 11, sentAt: 1000 })
    latency.addRow(4, { offset: 0, orbit: 10, sentAt: 1000 })
    latency.addResult(3, { to: 2, watermark: 10, seenAt: 1100 })
    latency.addResult(3, { to: 5, watermark: 14, seenAt: 1300 })
    latency.settle()
    expect(latency.settled).toBe(2)
    expect(latency.waiting).toBe(1)
    expect([latency.quantileMs(0.5), latency.quantileMs(0.99)]).toEqual([100, 300])
    latency.addRow(3, { offset: 4, orbit: 14, sentAt: 1250 })
    latency.addRow(3, { offset: 5, orbit: 14, sentAt: 1250 })
    latency.settle()
    expect(latency.quantileMs(0.01)).toBe(50)
    expect(latency.waiting).toBe(2)
  })
})
