import { describe, expect, test } from 'vitest'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import type { Alarm } from '../../src/health/alarm.js'
import { HealthMonitor } from '../../src/health/health-monitor.js'
import { T0 } from './detector.js'

/** By second, the alarms where the lag is this at each second; limits are 1000 messages and 60 s. */
function alarmsOf(
  lag: (second: number) => number | undefined,
  seconds: number,
  run = DEFAULT_RUN,
): (Alarm | undefined)[] {
  const monitor = new HealthMonitor(run)
  return Array.from({ length: seconds }, (_, second) => {
    monitor.setLag(lag(second), T0 + 1000 * second)
    return monitor.view().alarms[0]
  })
}

test('a lag that grows is told of after the time it must have grown for', () => {
  const alarms = alarmsOf((second) => 2000 + 50 * second, 180)
  const first = alarms.findIndex((alarm) => alarm)
  expect(first).toBeGreaterThanOrEqual(60)
  expect(first).toBeLessThanOrEqual(72)
  expect(alarms[first]).toEqual({
    id: 'lag',
    kind: 'lag',
    chamber: undefined,
    cell: undefined,
    text: `the lag grows: ${2000 + 50 * first} messages are still to be read, and more than 1000 were for 1 min`,
    value: 2000 + 50 * first,
    limit: 1000,
    unit: 'messages',
    sinceMs: T0 + 1000 * first,
  })
  // it lasts, and says how it is now
  expect(alarms[179]).toMatchObject({ sinceMs: T0 + 1000 * first, value: 2000 + 50 * 179 })
})

describe.each([
  ['small', (second: number) => 10 * second],
  ['large, and shrinking', (second: number) => 1e6 - 500 * second],
  ['large, and steady', () => 5000],
  ['a saw, from commit to commit', (second: number) => 20_000 * ((second % 5) / 5)],
  ['not known', () => undefined],
] as const)('a lag that is %s', (_, lag) => {
  test('is no alarm', () => {
    expect(alarmsOf(lag, 100).filter((alarm) => alarm)).toEqual([])
  })
})

test('a saw whose lowest points grow is one', () => {
  expect(alarmsOf((second) => 1500 + 40 * second + 20_000 * ((second % 5) / 5), 100).at(-1)?.id).toBe('lag')
})

test('it ends when the lag is small again, or not known', () => {
  const grown = (second: number) => 2000 + 50 * second
  const caughtUp = alarmsOf((second) => (second < 120 ? grown(second) : Math.max(0, 8000 - 500 * (second - 120))), 200)
  expect(caughtUp[119]?.id).toBe('lag')
  expect(caughtUp[150]).toBeUndefined()
  const unknown = alarmsOf((second) => (second < 120 ? grown(second) : undefined), 125)
  expect(unknown[119]?.id).toBe('lag')
  expect(unknown[120]).toBeUndefined()
})

test('a clock that is set back begins anew', () => {
  const monitor = new HealthMonitor(DEFAULT_RUN)
  for (const startMs of [T0, T0 - 3_600_000])
    for (let second = 0; second < 55; second++) monitor.setLag(2000 + 50 * second, startMs + 1000 * second)
  expect(monitor.view().alarms).toEqual([])
})

test('it can be switched off', () => {
  const run = { ...DEFAULT_RUN, health: { ...DEFAULT_RUN.health, lag: 'off' as const } }
  expect(alarmsOf((second) => 2000 + 50 * second, 100, run).at(-1)).toBeUndefined()
})
