import type { Alarm } from './alarm.js'

export interface AlarmEvent {
  readonly what: 'raised' | 'cleared'
  /** ms since 1970 */
  readonly atMs: number
  readonly alarm: Alarm
}

/** What changed between two views: alarms cleared, then alarms raised; one that was raised anew is both. */
export function alarmEvents(before: readonly Alarm[], after: readonly Alarm[], atMs: number): AlarmEvent[] {
  return [
    ...missingFrom(after, before).map((alarm) => ({ what: 'cleared' as const, atMs, alarm })),
    ...missingFrom(before, after).map((alarm) => ({ what: 'raised' as const, atMs: alarm.sinceMs, alarm })),
  ]
}

function missingFrom(others: readonly Alarm[], alarms: readonly Alarm[]): Alarm[] {
  const known = new Map(others.map(({ id, sinceMs }) => [id, sinceMs]))
  return alarms.filter(({ id, sinceMs }) => known.get(id) !== sinceMs)
}
