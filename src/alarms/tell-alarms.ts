import type { Alarm } from '../health/alarm.js'
import { AlarmWatch } from './alarm-watch.js'
import { type OutletChoice, openOutlets } from './open-outlets.js'

/** What knows of alarms. */
export interface Alarmed {
  health(): { readonly alarms: readonly Alarm[] }
}

/**
 * Tells whoever is chosen of alarms that come and go, until it is closed.
 * @throws ExpectedError as `openOutlets`
 */
export async function tellAlarms(
  alarmed: Alarmed,
  choice: OutletChoice,
  onNotice: (sentence: string) => void,
): Promise<AlarmWatch> {
  const outlets = await openOutlets(choice, onNotice)
  return new AlarmWatch({ alarms: () => alarmed.health().alarms, outlets, now: Date.now })
}
