import { ExpectedError } from '../errors.js'
import type { Log, TopicInfo } from '../log/log.js'
import { nearestName } from '../nearest-name.js'
import { formatBytes, formatTime } from './numbers.js'

/** A topic as `--json` shows it; null is no limit. */
export interface TopicFacts {
  name: string
  partitions: number
  messages: number
  bytes: number
  keyedByOrbit: boolean
  retentionBytes: number | null
  retentionMs: number | null
}

export function topicFacts(topic: TopicInfo): TopicFacts {
  return {
    name: topic.name,
    partitions: topic.partitions,
    messages: sum(topic.offsets.map(({ start, end }) => end - start)),
    bytes: sum(topic.offsets.map(({ bytes }) => bytes)),
    keyedByOrbit: topic.keyedByOrbit,
    retentionBytes: finite(topic.retentionBytes),
    retentionMs: finite(topic.retentionMs),
  }
}

/** `1 GiB, 7 d`; `no limit` where there is none. */
export function formatRetention({ retentionBytes, retentionMs }: TopicFacts): string {
  const limits = [
    ...(retentionBytes === null ? [] : [formatBytes(retentionBytes)]),
    ...(retentionMs === null ? [] : [formatTime(retentionMs)]),
  ]
  return limits.join(', ') || 'no limit'
}

/** @throws ExpectedError for a topic that is not there, with the nearest that is */
export async function existingTopic(log: Log, name: string): Promise<TopicInfo> {
  const topic = await log.topic(name)
  if (topic) return topic
  const names = (await log.topics()).map((other) => other.name)
  const near = nearestName(name, names)
  throw new ExpectedError(`there is no topic ${name} in ${log.name}`, [near ?? 'dtstream topics list'])
}

function finite(limit: number): number | null {
  return Number.isFinite(limit) ? limit : null
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
