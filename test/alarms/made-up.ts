import { type AlarmRecord, alarmRecord } from '../../src/alarms/alarm-record.js'
import type { Alarm } from '../../src/health/alarm.js'

export const T0 = Date.UTC(2026, 2, 1, 12)

export function alarm(cell: number): Alarm {
  return {
    id: `dead-cell/2/${cell}`,
    kind: 'dead-cell',
    chamber: 2,
    cell,
    text: `cell ${cell} of chamber 2 is dead: 0 hits where 31 are expected`,
    value: 0,
    limit: 31,
    unit: 'hits',
    sinceMs: T0,
  }
}

export function raised(cell: number): AlarmRecord {
  return alarmRecord({ what: 'raised', atMs: T0 + 1000, alarm: alarm(cell) })
}
