import type { AlarmOutlet } from './outlet.js'

/** Alarms as NDJSON, a line an event. */
export function lineOutlet(
  write: (text: string) => void,
  close: () => Promise<void> = async () => undefined,
): AlarmOutlet {
  return {
    tell: (records) => write(records.map((record) => `${JSON.stringify(record)}\n`).join('')),
    close,
  }
}
