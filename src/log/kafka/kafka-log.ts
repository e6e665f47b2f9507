import type { Log } from '../log.js'
import type { KafkaSettings } from './kafka-settings.js'

export async function openKafkaLog(settings: KafkaSettings): Promise<Log> {
  throw new Error(`not yet: ${settings.brokers}`)
}
