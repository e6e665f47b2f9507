import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { ExpectedError } from '../../../errors.js'
import type { PartitionOffsets, TopicInfo, TopicSpec } from '../../log.js'
import { checkSpec, noSuchTopic, topicExists } from '../../topic-spec.js'
import type { Client } from '../client/client.js'
import { finalError, rootOf } from '../client/failures.js'
import type { Cluster } from '../client/internals.js'
import type { FetchWire } from '../client/wire.js'
import { TopicDirectory, type TopicState } from './directory.js'
import { isKeyedByOrbit } from './keyed-by-orbit.js'
import { bytesOn } from './log-dirs.js'
import { configEntries, LIMIT_NAMES, limitsFrom, TOPIC_RESOURCE, type TopicLimits } from './settings.js'

const BROKERS_DEFAULT = -1
const CREATE_TIMEOUT_MS = 10_000
const LOOK_EVERY_MS = 50
const MOST_LOOKS = 100
const UNSETTLED = ['UNKNOWN_TOPIC_OR_PARTITION', 'NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE']
/** Kafka keeps topics of its own, which are nobody's business here. */
const isInternal = (name: string) => name.startsWith('__')

/** Makes, describes and deletes topics. */
export class KafkaTopics {
  private readonly directory: TopicDirectory

  constructor(
    private readonly client: Client,
    private readonly admin: Admin,
    private readonly cluster: Cluster,
    private readonly wire: FetchWire,
  ) {
    this.directory = new TopicDirectory(cluster)
  }

  disconnect(): Promise<void> {
    return this.directory.close()
  }

  /** @throws ExpectedError where it is there already, or the brokers refuse it */
  async create(spec: TopicSpec): Promise<void> {
    checkSpec(spec)
    const { name, partitions, replicationFactor = BROKERS_DEFAULT } = spec
    const there = await this.settledOffsets(name)
    if (there) throw topicExists(name, there.length, partitions)
    const topic = { topic: name, numPartitions: partitions, replicationFactor, configEntries: configEntries(spec) }
    const isMade = await this.admin
      .createTopics({ topics: [topic], waitForLeaders: false, timeout: CREATE_TIMEOUT_MS })
      .catch((error: unknown) => {
        throw createError(error, spec)
      })
    if (!isMade) throw topicExists(name, (await this.settledOffsets(name))?.length ?? partitions, partitions)
    // kafkajs' own waiting for leaders ends with the first broker that has not heard of it
    for (let looks = 0; looks < MOST_LOOKS && !(await this.settledOffsets(name)); looks++) await sleep(LOOK_EVERY_MS)
  }

  /** @throws ExpectedError where there is no such topic, or the brokers refuse it */
  async delete(name: string): Promise<void> {
    if (!(await this.settledOffsets(name))) throw noSuchTopic(name)
    await this.admin.deleteTopics({ topics: [name], timeout: CREATE_TIMEOUT_MS }).catch((error: unknown) => {
      throw finalError(error, `delete ${name}`) ?? error
    })
    // brokers hear of it one after the other
    for (let tries = 0; tries < MOST_LOOKS && (await this.settledOffsets(name)); tries++) await sleep(LOOK_EVERY_MS)
  }

  async all(): Promise<TopicInfo[]> {
    const names = (await this.admin.listTopics()).filter((name) => !isInternal(name)).sort()
    const topics: TopicInfo[] = []
    for (const name of names) {
      const info = await this.info(name)
      if (info) topics.push(info)
    }
    return topics
  }

  async info(name: string): Promise<TopicInfo | undefined> {
    const state = await this.directory.describe(name)
    if (!state) return undefined
    const partitions = state.offsets.length
    const limits = await this.limits(name, partitions)
    return this.directory.inTurn(async () => {
      const bytes = await this.bytesOf(name, state)
      return {
        name,
        partitions,
        ...limits,
        offsets: state.offsets.map((offset, partition) => ({ ...offset, bytes: bytes.get(partition) ?? 0 })),
        replicationFactor: Math.max(...state.brokers.map(({ replicas }) => replicas.length)),
        brokers: state.brokers,
        keyedByOrbit: await isKeyedByOrbit(this.client.internals, this.cluster, this.wire, name, state),
      }
    })
  }

  async offsets(name: string): Promise<PartitionOffsets[] | undefined> {
    return (await this.directory.describe(name))?.offsets
  }

  private async limits(name: string, partitions: number): Promise<TopicLimits> {
    const resource = { type: TOPIC_RESOURCE, name, configNames: LIMIT_NAMES }
    try {
      const { resources } = await this.admin.describeConfigs({ resources: [resource], includeSynonyms: false })
      return limitsFrom(resources[0]?.configEntries ?? [], partitions)
    } catch (error) {
      // who may read a topic need not be allowed to see its settings
      if (rootOf(error).type !== 'TOPIC_AUTHORIZATION_FAILED') throw error
      return limitsFrom([], partitions)
    }
  }

  /** Where a topic has just been made or deleted, some of its brokers may not have heard of that. */
  private async settledOffsets(name: string): Promise<PartitionOffsets[] | undefined> {
    for (let looks = 1; ; looks++) {
      try {
        return await this.offsets(name)
      } catch (error) {
        if (looks === MOST_LOOKS || !UNSETTLED.includes(rootOf(error).type ?? '')) throw error
        await sleep(LOOK_EVERY_MS)
      }
    }
  }

  /** As the leaders store them. */
  private async bytesOf(name: string, { brokers }: TopicState): Promise<Map<number, number>> {
    const bytes = new Map<number, number>()
    for (const leader of new Set(brokers.map((one) => one.leader))) {
      const led = [...brokers.keys()].filter((partition) => brokers[partition].leader === leader)
      const broker = await this.cluster.findBroker({ nodeId: leader })
      for (const [partition, size] of await bytesOn(this.client, broker, name, led)) bytes.set(partition, size)
    }
    return bytes
  }
}

/** The brokers' own reasons are hidden in a list, one for each topic. */
function createError(error: unknown, { name, replicationFactor }: TopicSpec): unknown {
  const [first = error] = (error as { errors?: unknown[] }).errors ?? []
  const replicas = replicationFactor === undefined ? '' : ` with ${replicationFactor} replicas`
  return finalError(first, `create ${name}${replicas}`) ?? asExpected(first, name)
}

function asExpected(error: unknown, name: string): unknown {
  const { message } = error as Error
  return (error as { type?: string }).type === undefined
    ? error
    : new ExpectedError(`could not create ${name}: ${message}`, ['check its settings with who runs the brokers'])
}
