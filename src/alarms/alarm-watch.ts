import type { Alarm } from '../health/alarm.js'
import { alarmEvents } from '../health/alarm-events.js'
import { alarmRecord } from './alarm-record.js'
import type { AlarmOutlet } from './outlet.js'

const LOOK_EVERY_MS = 1000

export interface AlarmWatchOptions {
  /** what is wrong at present */
  alarms(): readonly Alarm[]
  outlets: readonly AlarmOutlet[]
  now(): number
}

/** Looks once a second whether an alarm has come or gone, and tells all outlets, until it is closed. */
export class AlarmWatch {
  private before: readonly Alarm[] = []
  private readonly timer: NodeJS.Timeout

  constructor(private readonly options: AlarmWatchOptions) {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS)
  }

  look(): void {
    const { alarms, outlets, now } = this.options
    const atMs = now()
    const after = alarms()
    const records = alarmEvents(this.before, after, atMs).map(alarmRecord)
    this.before = after
    if (records.length > 0) for (const outlet of outlets) outlet.tell(records)
  }

  /** A last look; what outlets have taken leaves, as far as that is soon. */
  async close(): Promise<void> {
    clearInterval(this.timer)
    this.look()
    await Promise.all(this.options.outlets.map((outlet) => outlet.close()))
  }
}
