import type { Log, LogPlace } from './log.js'

/**
 * Opens the log at a place; what only one of the two logs needs is loaded with it.
 * @throws ExpectedError where it cannot be opened
 */
export async function openLog(place: LogPlace): Promise<Log> {
  if (place.kind === 'embedded') return (await import('./embedded/index.js')).openEmbeddedLog(place.folder)
  return (await import('./kafka/kafka-log.js')).openKafkaLog(place.settings)
}
