import { ExpectedError } from '../../errors.js'
import type { TopicInfo, TopicSpec } from '../log.js'
import { checkSpec, noSuchTopic, topicExists } from '../topic-spec.js'
import { garbageKey, nameIn, rangeOf, TOPIC_COUNTER_KEY, topicIdIn, topicKey } from './keys.js'
import { nextNumber, type Partition, putJson, putPartition, readJson, readPartition } from './records.js'
import type { Tree } from './store.js'

export const MAX_MESSAGE_BYTES = 8 * 1024 ** 2
export const DEFAULT_RETENTION_BYTES = 1024 ** 3
export const DEFAULT_RETENTION_MS = 7 * 24 * 60 * 60 * 1000
/** Chunks dropped in one transaction, which keeps the time short that others wait. */
const SWEEP_CHUNKS = 1000

/** What is stored of a topic, apart from its partitions. */
export interface TopicRecord {
  /** never given out twice, so that a topic made anew is another one */
  id: number
  partitions: number
  retentionBytes: number
  retentionMs: number
  keyedByOrbit: boolean
}

export function findTopic(tree: Tree, name: string): TopicRecord | undefined {
  return readJson<TopicRecord>(tree, topicKey(name))
}

/** @throws ExpectedError where there is no such topic */
export function getTopic(tree: Tree, name: string): TopicRecord {
  const topic = findTopic(tree, name)
  if (topic) return topic
  throw noSuchTopic(name)
}

/** @throws ExpectedError where the name is taken or not allowed, or a number makes no sense */
export function createTopic(tree: Tree, spec: TopicSpec): void {
  const { name, partitions, retentionBytes = DEFAULT_RETENTION_BYTES, retentionMs = DEFAULT_RETENTION_MS } = spec
  checkSpec(spec)
  if (spec.replicationFactor !== undefined && spec.replicationFactor !== 1)
    throw new ExpectedError(`the embedded log keeps one copy of a topic, not ${spec.replicationFactor}`, [
      '--replication-factor is for Kafka: name brokers with --bootstrap-server',
    ])
  const existing = findTopic(tree, name)
  if (existing) throw topicExists(name, existing.partitions, partitions)
  const id = nextNumber(tree, TOPIC_COUNTER_KEY)
  putTopic(tree, name, { id, partitions, retentionBytes, retentionMs, keyedByOrbit: true })
  for (let i = 0; i < partitions; i++) putPartition(tree, id, i, { start: 0, end: 0, bytes: 0 })
}

export function putTopic(tree: Tree, name: string, topic: TopicRecord): void {
  putJson(tree, topicKey(name), topic)
}

/** The topic, its partitions and what groups committed on it are gone with this; its chunks go with `sweep`. */
export function deleteTopic(tree: Tree, name: string): void {
  const { id } = getTopic(tree, name)
  tree.remove(topicKey(name))
  for (const prefix of ['P', 'L', 'S']) {
    const { from, to } = rangeOf(prefix, id)
    for (const key of tree.keys(from, to)) tree.remove(key)
  }
  putJson(tree, garbageKey(id), name)
}

/** Drops some chunks of deleted topics; true while there may be more. */
export function sweep(tree: Tree): boolean {
  const { from, to } = rangeOf('G')
  const [garbage] = tree.keys(from, to, 1)
  if (!garbage) return false
  const chunks = rangeOf('C', topicIdIn(garbage))
  const keys = tree.keys(chunks.from, chunks.to, SWEEP_CHUNKS)
  for (const key of keys) tree.remove(key)
  if (keys.length < SWEEP_CHUNKS) tree.remove(garbage)
  return true
}

export function hasGarbage(tree: Tree): boolean {
  const { from, to } = rangeOf('G')
  return tree.keys(from, to, 1).length > 0
}

/** Names of all topics, sorted. */
export function topicNames(tree: Tree): string[] {
  const { from, to } = rangeOf('T')
  return tree.keys(from, to).map(nameIn)
}

export function describeTopic(tree: Tree, name: string): TopicInfo | undefined {
  const topic = findTopic(tree, name)
  if (!topic) return undefined
  const { id, partitions, retentionBytes, retentionMs, keyedByOrbit } = topic
  const offsets = Array.from({ length: partitions }, (_, i) => partitionOf(tree, name, id, i))
  return {
    ...{ name, partitions, retentionBytes, retentionMs, keyedByOrbit, offsets },
    maxMessageBytes: MAX_MESSAGE_BYTES,
    replicationFactor: 1,
  }
}

/** @throws ExpectedError where the topic was deleted or never had that partition */
export function partitionOf(tree: Tree, name: string, topicId: number, partition: number): Partition {
  const found = readPartition(tree, topicId, partition)
  if (found) return found
  const topic = findTopic(tree, name)
  if (topic?.id === topicId) {
    const last = topic.partitions - 1
    throw new ExpectedError(`the topic ${name} has no partition ${partition}, only ${last ? `0 to ${last}` : '0'}`)
  }
  throw new ExpectedError(`the topic ${name} was deleted`, ['see which topics there are: dtstream topics list'])
}
