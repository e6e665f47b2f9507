import type { ConfigResourceTypes } from 'kafkajs'
import type { TopicSpec } from '../../log.js'

/** What a topic keeps, of all its partitions together, Infinity for no limit; and takes. */
export interface TopicLimits {
  retentionBytes: number
  retentionMs: number
  maxMessageBytes: number
}

export const TOPIC_RESOURCE = 2 satisfies ConfigResourceTypes.TOPIC
export const LIMIT_NAMES = ['retention.bytes', 'retention.ms', 'max.message.bytes']

/** What brokers take where nothing is set, and as much as we count on where it may not be seen. */
const MESSAGE_UNLESS_TOLD = 1_048_588

/** Kafka counts the bytes of each partition by itself. */
export function configEntries({ partitions, retentionBytes, retentionMs, maxMessageBytes }: TopicSpec) {
  const entries: { name: string; value: string }[] = []
  if (retentionBytes !== undefined)
    entries.push({ name: 'retention.bytes', value: String(Math.max(1, Math.floor(retentionBytes / partitions))) })
  if (retentionMs !== undefined) entries.push({ name: 'retention.ms', value: String(retentionMs) })
  if (maxMessageBytes !== undefined) entries.push({ name: 'max.message.bytes', value: String(maxMessageBytes) })
  return entries
}

export function limitsFrom(
  entries: readonly { configName: string; configValue: string }[],
  partitions: number,
): TopicLimits {
  const limit = (name: string, unknown = Number.POSITIVE_INFINITY) => {
    const value = Number(entries.find(({ configName }) => configName === name)?.configValue ?? unknown)
    return value < 0 ? Number.POSITIVE_INFINITY : value
  }
  return {
    retentionBytes: limit('retention.bytes') * partitions,
    retentionMs: limit('retention.ms'),
    maxMessageBytes: limit('max.message.bytes', MESSAGE_UNLESS_TOLD),
  }
}
