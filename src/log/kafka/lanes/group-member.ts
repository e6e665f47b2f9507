import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer } from 'kafkajs'
import { ExpectedError } from '../../../errors.js'
import { type GroupMember, type GroupOptions, type HeldLane, LaneLostError } from '../../log.js'
import type { Client } from '../client/client.js'
import { rootOf } from '../client/failures.js'
import type { Cluster } from '../client/internals.js'
import { Outage, type OutageOptions } from '../client/outage.js'
import { stickyAssigner } from './assigner.js'
import { type Joining, keepCoordinator } from './steady-coordinator.js'

/** A member that gives no sign of life for so long loses its lanes. Brokers take 6 s at least, unless told otherwise. */
const SESSION_MS = 6000
const HEARTBEAT_MS = 500
const REBALANCE_MS = 10_000
/** Heartbeats that fail are sent again so often, as a broker may be long in coming back. */
const MOST_RETRIES = 100
/** The consumer reads nothing: this is how often it looks after its heartbeat. */
const IDLE_MS = 100
/** Before what kafkajs has given up for good is begun anew. */
const PAUSE_MS = 1000

/** A lane that the group has given to this member. */
class GivenLane implements HeldLane {
  private readonly losing = new AbortController()

  constructor(
    readonly topic: string,
    readonly partitions: readonly number[],
    readonly lease: HeldLane['lease'],
  ) {}

  get partition(): number {
    return this.partitions[0]
  }

  get lost(): AbortSignal {
    return this.losing.signal
  }

  lose(message: string): void {
    this.losing.abort(new LaneLostError(this.topic, this.partition, message))
  }
}

export interface Surroundings {
  /** called when the group has given this member nothing */
  onIdle(): void
  /** how a group that cannot be reached is waited for */
  patience: Omit<OutageOptions, 'what'>
}

/**
 * A member of a consumer group. kafkajs keeps the membership and shares the partitions out; the reading is done
 * elsewhere, by whoever opens the lanes, so that no rebalance disturbs a lane that stays where it is.
 */
export class KafkaGroupMember implements GroupMember {
  readonly failed: Promise<never>
  private fail: (error: unknown) => void = () => {}
  /** by number */
  private readonly lanes = new Map<number, GivenLane>()
  /** lanes that come again when the group has confirmed that they are still ours */
  private readonly returned = new Map<number, GivenLane>()
  private consumer: Consumer
  /** as long as the group cannot be reached */
  private readonly outage: Outage
  private epoch = 0
  private hasLeft = false
  private hasEnded = false
  private readonly joining: Joining = {
    hasLeft: () => this.hasLeft || this.hasEnded,
    onTrouble: (error) => void this.goesOn(error),
    onFine: () => this.outage.over(),
  }

  /** Is a member once the brokers have let it in, which they do in their own time. */
  static async join(client: Client, options: GroupOptions, surroundings: Surroundings): Promise<KafkaGroupMember> {
    const member = new KafkaGroupMember(client, options, surroundings)
    await member.start()
    return member
  }

  private constructor(
    private readonly client: Client,
    private readonly options: GroupOptions,
    private readonly surroundings: Surroundings,
  ) {
    this.failed = new Promise((_, reject) => {
      this.fail = reject
    })
    // whoever waits for it is told
    this.failed.catch(() => undefined)
    this.outage = new Outage({ what: `join group ${options.group}`, ...surroundings.patience })
    this.consumer = this.createConsumer()
  }

  giveBack(lane: HeldLane, why: string): void {
    const held = this.lanes.get(lane.partition)
    if (held !== lane) return
    this.lanes.delete(lane.partition)
    this.returned.set(lane.partition, held)
    held.lose(why)
  }

  async leave(): Promise<void> {
    if (this.hasLeft) return
    this.hasLeft = true
    try {
      await this.consumer.disconnect()
    } finally {
      this.loseAll('the group was left')
    }
  }

  private async start(): Promise<void> {
    const { consumer } = this
    const { topic } = this.options
    const { CRASH, GROUP_JOIN, HEARTBEAT } = consumer.events
    consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) void this.beginAnew(payload.error)
    })
    consumer.on(HEARTBEAT, () => this.confirm())
    consumer.on(GROUP_JOIN, ({ payload }) => this.assign(payload.memberAssignment[topic] ?? []))
    await consumer.connect()
    await consumer.subscribe({ topics: [topic] })
    await consumer.run({ autoCommit: false, eachBatch: async () => {} })
  }

  private createConsumer(): Consumer {
    const { group, whole, member } = this.options
    const owned = () => [...this.lanes.values()].flatMap(({ partitions }) => partitions)
    const keep = (cluster: Cluster) => keepCoordinator(cluster, this.joining)
    return this.client.forMember(member, keep).consumer({
      groupId: group,
      ...{ sessionTimeout: SESSION_MS, heartbeatInterval: HEARTBEAT_MS, rebalanceTimeout: REBALANCE_MS },
      maxWaitTimeInMs: IDLE_MS,
      allowAutoTopicCreation: false,
      partitionAssigners: [stickyAssigner(this.client.kafkaJs, { whole, owned })],
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 1000,
        retries: MOST_RETRIES,
        restartOnFailure: (e) => this.goesOn(e),
      },
    })
  }

  /** Runs before anything is fetched. */
  private assign(partitions: readonly number[]): void {
    const { topic, whole } = this.options
    if (this.hasLeft) return
    this.consumer.pause([{ topic, partitions: [...partitions] }])
    const sorted = [...partitions].sort((a, b) => a - b)
    const lanes = whole ? [sorted].filter(({ length }) => length > 0) : sorted.map((partition) => [partition])
    const ours = new Set(lanes.map(([first]) => first))
    for (const [number, lane] of this.lanes) {
      if (ours.has(number)) continue
      this.lanes.delete(number)
      lane.lose(`the lane ${topic}/${number} goes to another member of the group`)
    }
    this.returned.clear()
    for (const lane of lanes) if (!this.lanes.has(lane[0])) this.take(lane)
    if (lanes.length === 0) this.surroundings.onIdle()
  }

  /** The group counts us in. */
  private confirm(): void {
    this.outage.over()
    const lanes = [...this.returned.values()]
    this.returned.clear()
    for (const { partitions } of lanes) this.take(partitions)
  }

  private take(partitions: readonly number[]): void {
    const { topic, group } = this.options
    const lease = { group, topic, partition: partitions[0], partitions, epoch: ++this.epoch }
    const lane = new GivenLane(topic, partitions, lease)
    this.lanes.set(lane.partition, lane)
    this.options.onLane(lane)
  }

  private loseAll(message: string): void {
    for (const lane of this.lanes.values()) lane.lose(message)
    this.lanes.clear()
    this.returned.clear()
  }

  /** kafkajs gives up for good where it finds no coordinator, which brokers that start do not have yet. */
  private async beginAnew(error: unknown): Promise<void> {
    if (!(await this.goesOn(error))) return
    await sleep(PAUSE_MS)
    if (this.hasLeft) return
    this.consumer = this.createConsumer()
    try {
      await this.start()
      if (this.hasLeft) await this.consumer.disconnect()
    } catch (failure) {
      await this.beginAnew(failure)
    }
  }

  /** What kafkajs gives up is begun again, for a while, unless no waiting mends it. */
  private async goesOn(error: unknown): Promise<boolean> {
    const { group, topic } = this.options
    if (this.hasLeft || this.hasEnded) return false
    const final = inconsistent(error, group, topic) ?? this.outage.failed(error, 0)
    if (final) this.end(final)
    return !final
  }

  /** There is no member any more. */
  private end(error: ExpectedError): void {
    this.hasEnded = true
    this.loseAll(`the group ${this.options.group} cannot be worked in any more`)
    this.fail(error)
  }
}

function inconsistent(error: unknown, group: string, topic: string): ExpectedError | undefined {
  if (rootOf(error).type !== 'INCONSISTENT_GROUP_PROTOCOL') return undefined
  return new ExpectedError(`the members of group ${group} work on ${topic} in another way, or are other programs`, [
    'end the others first, or use a group of another name: --group',
  ])
}
