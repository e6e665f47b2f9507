import type { Alarm } from './alarm.js'

/** An alarm that has come or gone. */
export interface AlarmEvent {
  readonly what: 'raised' | 'cleared'
  /** ms since 1970 */
  readonly atMs: number
  /** as it was raised; cleared, as it stood last */
  readonly alarm: Alarm
}

/** What has changed between two lists of alarms: what is gone first, then what is new. */
export function alarmEvents(before: readonly Alarm[], after: readonly Alarm[], atMs: number): AlarmEvent[] {
  const ids = (alarms: readonly Alarm[]) => new Set(alarms.map(({ id }) => id))
  const [had, has] = [ids(before), ids(after)]
  return [
    ...before.filter(({ id }) => !has.has(id)).map((alarm): AlarmEvent => ({ what: 'cleared', atMs, alarm })),
    ...after.filter(({ id }) => !had.has(id)).map((alarm): AlarmEvent => ({ what: 'raised', atMs, alarm })),
  ]
}
