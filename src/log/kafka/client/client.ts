import type { Kafka, KafkaConfig } from 'kafkajs'
import type { KafkaSettings } from '../kafka-settings.js'
import { kafkaClientConfig } from '../settings/client-config.js'
import { withCheckedToken } from './checked-token.js'
import type { Cluster, Internals, KafkaJs } from './internals.js'
import { createCluster, loadKafkaJs } from './kafkajs.js'
import { guardedSockets } from './socket-guard.js'

/** Answers to anything but a request to join a group come within this time, or the connection is given up. */
const SILENCE_MS = 6000
const REQUEST_TIMEOUT_MS = 5000
const CONNECTION_TIMEOUT_MS = 3000
/** A share of a group is told when the leader has shared out, or when that one's session (6 s) has ended. */
const MEMBER_REQUEST_TIMEOUT_MS = 8000
/** A group is joined when its members have come back, which may take the rebalance timeout. */
const JOIN_SILENCE_MS = 20_000

export const RETRY = { initialRetryTime: 50, maxRetryTime: 1000, retries: 8 }

/** Where kafkajs is set up: the same for everything that talks to the brokers. */
export class Client {
  readonly kafkaJs: KafkaJs
  readonly internals: Internals
  private readonly kafka: Kafka
  private readonly config: Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>

  constructor(settings: KafkaSettings) {
    this.kafkaJs = loadKafkaJs()
    // once, so that all connections share what was fetched to connect
    const { sasl, ...config } = kafkaClientConfig(settings)
    this.config = { ...config, ...(sasl ? { sasl: withCheckedToken(sasl, this.kafkaJs.internals) } : {}) }
    this.internals = this.kafkaJs.internals
    this.kafka = this.create(settings.clientId, REQUEST_TIMEOUT_MS, SILENCE_MS)
  }

  /** Connections of their own to all brokers. */
  cluster(): Cluster {
    const cluster = createCluster(this.kafka)
    cluster.retry = RETRY
    return cluster
  }

  admin() {
    return this.kafka.admin({ retry: RETRY })
  }

  /** For a member of a group; `clientId` is what others see of it. */
  forMember(clientId: string): Kafka {
    return this.create(clientId, MEMBER_REQUEST_TIMEOUT_MS, JOIN_SILENCE_MS)
  }

  get logger() {
    return this.kafka.logger()
  }

  private create(clientId: string, requestTimeout: number, silenceMs: number): Kafka {
    return new this.kafkaJs.Kafka({
      ...this.config,
      clientId,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout,
      enforceRequestTimeout: true,
      retry: RETRY,
      logLevel: this.kafkaJs.logLevel.NOTHING,
      socketFactory: guardedSockets(silenceMs),
    })
  }
}
