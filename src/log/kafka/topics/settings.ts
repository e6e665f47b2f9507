import type { ConfigResourceTypes } from 'kafkajs'
import type { TopicSpec } from '../../log.js'

/** What a topic keeps, of all its partitions together; Infinity for no limit. */
export interface Retention {
  retentionBytes: number
  retentionMs: number
}

export const TOPIC_RESOURCE = 2 satisfies ConfigResourceTypes.TOPIC
export const RETENTION_NAMES = ['retention.bytes', 'retention.ms']

/** Kafka counts the bytes of each partition by itself. */
export function configEntries({ partitions, retentionBytes, retentionMs }: TopicSpec) {
  const entries: { name: string; value: string }[] = []
  if (retentionBytes !== undefined)
    entries.push({ name: 'retention.bytes', value: String(Math.max(1, Math.floor(retentionBytes / partitions))) })
  if (retentionMs !== undefined) entries.push({ name: 'retention.ms', value: String(retentionMs) })
  return entries
}

export function retentionFrom(
  entries: readonly { configName: string; configValue: string }[],
  partitions: number,
): Retention {
  const limit = (name: string) => {
    const value = Number(entries.find(({ configName }) => configName === name)?.configValue ?? -1)
    return value < 0 ? Number.POSITIVE_INFINITY : value
  }
  return { retentionBytes: limit('retention.bytes') * partitions, retentionMs: limit('retention.ms') }
}
