import type { AlarmRecord } from './alarm-record.js'

/** Where alarms are told to: a stream of lines, a command, a webhook. */
export interface AlarmOutlet {
  /** Takes them at once; they may leave later. */
  tell(records: readonly AlarmRecord[]): void
  /** Lets what was taken leave, as far as that is soon. */
  close(): Promise<void>
}
