import type { Alarm } from '../health/alarm.js'
import type { AlarmEvent } from '../health/alarm-events.js'

/** An alarm's event as it leaves dtstream: a line of NDJSON, an entry of a webhook's message. */
export interface AlarmRecord extends Omit<Alarm, 'sinceMs' | 'chamber' | 'cell'> {
  schema: 'dtstream.alarm/1'
  what: AlarmEvent['what']
  /** ISO times with milliseconds, UTC */
  at: string
  since: string
  /** null where it is of no one chamber, or cell */
  chamber: number | null
  cell: number | null
}

export function alarmRecord({ what, atMs, alarm }: AlarmEvent): AlarmRecord {
  const { sinceMs, chamber = null, cell = null, ...rest } = alarm
  const at = new Date(atMs).toISOString()
  return { schema: 'dtstream.alarm/1', what, at, since: new Date(sinceMs).toISOString(), ...rest, chamber, cell }
}

/** `raised: cell 41 of chamber 2 is dead: 0 hits where 31 are expected` */
export function alarmInWords({ what, text }: Pick<AlarmRecord, 'what' | 'text'>): string {
  return `${what}: ${text}`
}
