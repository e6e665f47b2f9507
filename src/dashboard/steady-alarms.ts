import type { Alarm } from '../health/alarm.js'

/**
 * Alarms of which those that were there before are the same objects still, as they were when they were raised: so any number
 * of moments can be kept in the memory of the alarms that were ever raised.
 */
export function steadyAlarms(before: readonly Alarm[], now: readonly Alarm[]): readonly Alarm[] {
  const known = new Map(before.map((alarm) => [alarm.id, alarm]))
  const alarms = now.map((alarm) => {
    const raised = known.get(alarm.id)
    return raised?.sinceMs === alarm.sinceMs ? raised : alarm
  })
  const isSame = alarms.length === before.length && alarms.every((alarm, i) => alarm === before[i])
  return isSame ? before : alarms
}
