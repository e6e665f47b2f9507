import type { Kafka, KafkaConfig } from 'kafkajs'
import type { KafkaSettings } from '../kafka-settings.js'
import { kafkaClientConfig } from '../settings/client-config.js'
import { withCheckedToken } from './checked-token.js'
import type { Cluster, Internals, KafkaJs } from './internals.js'
import { changeClusters, createCluster, loadKafkaJs } from './kafkajs.js'
import { guardedSockets } from './socket-guard.js'

/** Silence is seen sooner, by the sockets; an answer that comes on a slow line may take long. */
const CONNECTION_TIMEOUT_MS = 10_000

export const RETRY = { initialRetryTime: 50, maxRetryTime: 1000, retries: 8 }

/** Where kafkajs is set up: the same for everything that talks to the brokers. */
export class Client {
  readonly kafkaJs: KafkaJs
  readonly internals: Internals
  private readonly kafka: Kafka
  private readonly closing = new AbortController()
  private readonly sockets = guardedSockets(this.closing.signal)
  private readonly config: Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>

  constructor(settings: KafkaSettings) {
    this.kafkaJs = loadKafkaJs()
    // once, so that all connections share what was fetched to connect
    const { sasl, ...config } = kafkaClientConfig(settings)
    this.config = { ...config, ...(sasl ? { sasl: withCheckedToken(sasl, this.kafkaJs.internals) } : {}) }
    this.internals = this.kafkaJs.internals
    this.kafka = this.create(settings.clientId)
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

  /** For a member of a group; `clientId` is what others see of it, and `change` is done to its cluster. */
  forMember(clientId: string, change: (cluster: Cluster) => void): Kafka {
    const kafka = this.create(clientId)
    changeClusters(kafka, change)
    return kafka
  }

  /** To be called when all is disconnected: whatever connection is left ends, too. */
  close(): void {
    this.closing.abort()
  }

  get logger() {
    return this.kafka.logger()
  }

  private create(clientId: string): Kafka {
    return new this.kafkaJs.Kafka({
      ...this.config,
      clientId,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      enforceRequestTimeout: false,
      retry: RETRY,
      logLevel: this.kafkaJs.logLevel.NOTHING,
      socketFactory: this.sockets,
    })
  }
}
