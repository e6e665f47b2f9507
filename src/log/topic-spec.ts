import { ExpectedError } from '../errors.js'
import type { TopicSpec } from './log.js'

const MAX_PARTITIONS = 10_000

/** @throws ExpectedError where the name is not allowed, or a number makes no sense */
export function checkSpec({
  name,
  partitions,
  retentionBytes = 1,
  retentionMs = 1,
  replicationFactor,
}: TopicSpec): void {
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name) || name === '.' || name === '..') {
    throw new ExpectedError(`"${name}" can't be the name of a topic`, [
      'use 1 to 249 letters, digits, dots, underscores and hyphens',
    ])
  }
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
    throw new ExpectedError(`a topic can't have ${partitions} partitions`, [`use 1 to ${MAX_PARTITIONS}`])
  }
  if (replicationFactor !== undefined && !(Number.isInteger(replicationFactor) && replicationFactor > 0))
    throw new ExpectedError(`a topic can't have ${replicationFactor} replicas`, ['use 1 or more'])
  if (!(retentionBytes > 0)) throw new ExpectedError(`a topic can't keep ${retentionBytes} bytes`, ['use 1 or more'])
  if (!(retentionMs > 0))
    throw new ExpectedError(`a topic can't keep messages for ${retentionMs} ms`, ['use 1 or more'])
}

export function topicExists(name: string, has: number, wanted: number): ExpectedError {
  const count = (n: number) => (n === 1 ? '1 partition' : `${n} partitions`)
  const difference = has === wanted ? `with ${count(has)}` : `with ${count(has)} instead of ${wanted}`
  return new ExpectedError(`the topic ${name} exists already, ${difference}`, [
    'use it as it is, or choose another name',
    `or delete it with all its messages first: dtstream topics delete ${name}`,
  ])
}

export function noSuchTopic(name: string): ExpectedError {
  return new ExpectedError(`there is no topic ${name}`, [
    'see which there are: dtstream topics list',
    `make it: dtstream topics create ${name}`,
  ])
}
