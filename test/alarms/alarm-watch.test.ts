import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { AlarmRecord } from '../../src/alarms/alarm-record.js'
import { AlarmWatch } from '../../src/alarms/alarm-watch.js'
import { lineOutlet } from '../../src/alarms/line-outlet.js'
import { alarm, T0 } from './made-up.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('tells once a second what has come and gone', async () => {
  let text = ''
  let alarms = [alarm(1)]
  let nowMs = T0
  const outlet = lineOutlet((more) => {
    text += more
  })
  const watch = new AlarmWatch({ alarms: () => alarms, outlets: [outlet], now: () => nowMs })
  const steps: (readonly number[])[] = [[1], [1], [1, 2], [2], []]
  for (const cells of steps) {
    alarms = cells.map(alarm)
    nowMs += 1000
    vi.advanceTimersByTime(1000)
  }
  alarms = [alarm(3)]
  await watch.close()
  const records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AlarmRecord)
  expect(records.map(({ what, cell, at }) => [what, cell, Date.parse(at) - T0])).toEqual([
    ['raised', 1, 0],
    ['raised', 2, 0],
    ['cleared', 1, 4000],
    ['cleared', 2, 5000],
    ['raised', 3, 0],
  ])
  expect(records[0]).toMatchObject({ schema: 'dtstream.alarm/1', since: new Date(T0).toISOString(), limit: 31 })
})
