import { inspect } from 'node:util'
import type { KafkaSettings } from '../kafka-settings.js'

/** Where the log is, for its users, without secrets: `Kafka at broker-1:9092, broker-2:9092`. */
export function describeSettings({ brokers }: KafkaSettings): string {
  return `Kafka at ${brokers.join(', ')}`
}

/**
 * The same settings, whose secrets neither `console.log` nor `JSON.stringify` shows. Another thread gets all of them,
 * shown plainly until they are concealed there too.
 */
export function concealed(settings: KafkaSettings): KafkaSettings {
  const { tls, sasl, ...rest } = settings
  return { ...rest, ...(tls ? { tls: conceal(tls) } : {}), ...(sasl ? { sasl: conceal(sasl) } : {}) }
}

const CONCEALED = '[concealed]'

/** By properties that a structured clone leaves out. */
function conceal<T extends object>(secret: T): T {
  const shown = { value: () => CONCEALED, enumerable: false }
  return Object.defineProperties({ ...secret }, { toJSON: shown, [inspect.custom]: shown })
}
