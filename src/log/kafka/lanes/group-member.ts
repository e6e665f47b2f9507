import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer } from 'kafkajs'
import { ExpectedError } from '../../../errors.js'
import { type GroupMember, type GroupOptions, type HeldLane, LaneLostError } from '../../log.js'
import type { Client } from '../client/client.js'
import { finalError, reasonOf, rootOf } from '../client/failures.js'
import { stickyAssigner } from './assigner.js'

/** A member that gives no sign of life for so long loses its lanes. Brokers take 6 s at least, unless told otherwise. */
const SESSION_MS = 6000
const HEARTBEAT_MS = 500
const REBALANCE_MS = 10_000
/** The consumer reads nothing: this is how often it looks after its heartbeat. */
const IDLE_MS = 100
/** Before what kafkajs has given up is begun anew. */
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
  private epoch = 0
  private hasLeft = false

  /** Is a member once the brokers have let it in, which they do in their own time. */
  static async join(client: Client, options: GroupOptions, onIdle: () => void): Promise<KafkaGroupMember> {
    const member = new KafkaGroupMember(client, options, onIdle)
    await member.start()
    return member
  }

  /** @param onIdle called when the group has given this member nothing */
  private constructor(
    private readonly client: Client,
    private readonly options: GroupOptions,
    private readonly onIdle: () => void,
  ) {
    this.failed = new Promise((_, reject) => {
      this.fail = reject
    })
    // whoever waits for it is told
    this.failed.catch(() => undefined)
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
    const { GROUP_JOIN, HEARTBEAT, CRASH } = consumer.events
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
    return this.client.forMember(member).consumer({
      groupId: group,
      ...{ sessionTimeout: SESSION_MS, heartbeatInterval: HEARTBEAT_MS, rebalanceTimeout: REBALANCE_MS },
      maxWaitTimeInMs: IDLE_MS,
      allowAutoTopicCreation: false,
      partitionAssigners: [stickyAssigner(this.client.kafkaJs, { whole, owned })],
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 10, restartOnFailure: (e) => this.goesOn(e) },
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
    if (lanes.length === 0) this.onIdle()
  }

  /** The group counts us in. */
  private confirm(): void {
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

  /** What kafkajs has given up it begins again, unless no waiting mends it. */
  private async goesOn(error: unknown): Promise<boolean> {
    const { group, topic } = this.options
    const final = finalError(error, `join group ${group}`) ?? inconsistent(error, group, topic)
    if (!final || this.hasLeft) {
      if (!this.hasLeft) this.options.onWaiting(`waiting for Kafka, to join group ${group}: ${reasonOf(error)}`)
      return !this.hasLeft
    }
    this.loseAll(final.message)
    this.fail(final)
    return false
  }
}

function inconsistent(error: unknown, group: string, topic: string): ExpectedError | undefined {
  if (rootOf(error).type !== 'INCONSISTENT_GROUP_PROTOCOL') return undefined
  return new ExpectedError(`the members of group ${group} work on ${topic} in another way, or are other programs`, [
    'end the others first, or use a group of another name: --group',
  ])
}
