import type { Log, LogPlace } from './log.js'

export interface LogEvents {
  /** told, in words for the user, when there is something to wait for */
  onNotice(text: string): void
}

/**
 * Opens the log at a place; what only one of the two logs needs is loaded with it.
 * @throws ExpectedError where it cannot be opened
 */
export async function openLog(place: LogPlace, events: LogEvents): Promise<Log> {
  if (place.kind === 'embedded') return (await import('./embedded/index.js')).openEmbeddedLog(place.folder)
  return (await import('./kafka/kafka-log.js')).openKafkaLog(place.settings, events)
}
