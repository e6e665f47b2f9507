import { expect, test } from 'vitest'
import type { Alarm } from '../../src/health/alarm.js'
import { alarmEvents } from '../../src/health/alarm-events.js'

function alarm(id: string, sinceMs: number, text = ''): Alarm {
  return { id, kind: 'lag', chamber: undefined, cell: undefined, text, value: 2, limit: 1, unit: '', sinceMs }
}

test('an alarm is raised when it is new and cleared when it is gone, and nothing happens while it lasts', () => {
  const [a, b, c] = [alarm('a', 10), alarm('b', 20), alarm('c', 30)]
  expect(alarmEvents([], [a], 35)).toEqual([{ what: 'raised', atMs: 10, alarm: a }])
  expect(alarmEvents([a], [alarm('a', 10, 'worse')], 40)).toEqual([])
  expect(alarmEvents([a, b], [b, c], 40)).toEqual([
    { what: 'cleared', atMs: 40, alarm: a },
    { what: 'raised', atMs: 30, alarm: c },
  ])
})

test('an alarm that was cleared and raised again between two views is both', () => {
  const [before, after] = [alarm('a', 10), alarm('a', 50)]
  expect(alarmEvents([before], [after], 60)).toEqual([
    { what: 'cleared', atMs: 60, alarm: before },
    { what: 'raised', atMs: 50, alarm: after },
  ])
})
