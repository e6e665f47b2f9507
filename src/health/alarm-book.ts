import type { Alarm, Finding } from './alarm.js'

/** The alarms that last. There is at most one for each check and place, so their number is bounded by the run. */
export class AlarmBook {
  private readonly alarms = new Map<string, Alarm>()

  has(id: string): boolean {
    return this.alarms.has(id)
  }

  /** Raises an alarm, or brings one that lasts up to date. */
  raise(finding: Finding, atMs: number): void {
    const sinceMs = this.alarms.get(finding.id)?.sinceMs ?? atMs
    this.alarms.set(finding.id, { ...finding, sinceMs })
  }

  clear(id: string): void {
    this.alarms.delete(id)
  }

  /** The oldest first; of those raised together, in the order of their ids. */
  list(): Alarm[] {
    return [...this.alarms.values()].sort((a, b) => a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1))
  }
}
