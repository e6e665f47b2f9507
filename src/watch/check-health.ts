import { plural } from '../cli/numbers.js'
import type { Alarm } from '../health/alarm.js'
import type { HealthView } from '../health/health-view.js'
import type { Snapshot } from './snapshot.js'

/** What `watch --check` finds. */
export interface HealthCheck extends HealthView {
  /** whether there is no alarm */
  ok: boolean
  results: number
  rows: number
}

/** How detector and stream were at the moment of a snapshot. */
export function checkHealth({ view: { results, rows, health } }: Snapshot): HealthCheck {
  return { ok: health.alarms.length === 0, results, rows: rows.read, ...health }
}

/** A line for each alarm, and one for all. */
export function checkInWords({ alarms, results, rows }: HealthCheck): string[] {
  const seen = `${plural(results, 'result')}, ${plural(rows, 'row')}`
  if (alarms.length === 0) return [`no alarm: ${seen}`]
  return [...alarms.map(alarmLine), `${plural(alarms.length, 'alarm')}: ${seen}`]
}

/** An alarm in a line: what, how far, and since when. */
export function alarmLine({ text, sinceMs }: Alarm): string {
  return `${text} (since ${new Date(sinceMs).toISOString()})`
}
