import { plural } from '../cli/numbers.js'
import type { DashboardModel } from '../dashboard/model.js'
import { ExpectedError } from '../errors.js'
import type { Alarm } from '../health/alarm.js'
import type { HealthView } from '../health/health-view.js'

/** What `watch --check` finds. */
export interface HealthCheck extends HealthView {
  /** whether there is no alarm */
  ok: boolean
  results: number
  rows: number
}

/**
 * How detector and stream are after all results that were added.
 * @throws ExpectedError where there was none
 */
export function checkHealth(model: DashboardModel, nowMs: number, title: string): HealthCheck {
  const { results, rows, health } = model.view(nowMs, { window: 'cumulative' })
  if (results === 0) throw new ExpectedError(`there are no results in ${title}`, ['dtstream process makes them'])
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
