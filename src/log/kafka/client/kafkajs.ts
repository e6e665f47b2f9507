import { createRequire } from 'node:module'
import type { Kafka } from 'kafkajs'
import { finalError } from './failures.js'
import type { Broker, Cluster, CoordinatorAnswer, CoordinatorQuery, Internals, KafkaJs } from './internals.js'

/** The one version whose internals are known here. */
const VERSION = '2.2.4'

const require = createRequire(import.meta.url)

/** kafkajs, and the parts of it that it does not export but that reading and writing without an object a message need. */
export function loadKafkaJs(): KafkaJs {
  const { version } = require('kafkajs/package.json') as { version: string }
  if (version !== VERSION) throw new Error(`kafkajs ${VERSION} is needed, and this is ${version}`)
  const { requests } = require('kafkajs/src/protocol/requests')
  const { createErrorFromCode } = require('kafkajs/src/protocol/error')
  const internals: Internals = {
    requests,
    createErrorFromCode,
    Encoder: require('kafkajs/src/protocol/encoder'),
    createEosManager: require('kafkajs/src/producer/eosManager'),
    AssignerProtocol: require('kafkajs/src/consumer/assignerProtocol'),
    oauthRequest: require('kafkajs/src/protocol/sasl/oauthBearer').request,
    Decoder: require('kafkajs/src/protocol/decoder'),
    RecordBatchDecoder: require('kafkajs/src/protocol/recordBatch/v0/decoder'),
    RecordBatch: require('kafkajs/src/protocol/recordBatch/v0').RecordBatch,
    Record: require('kafkajs/src/protocol/recordBatch/record/v0'),
  }
  return { ...(require('kafkajs') as typeof import('kafkajs')), internals }
}

/** What `kafka.consumer()` and the like make for themselves: connections to all brokers, and what is known of topics. */
export function createCluster(kafka: Kafka): Cluster {
  const create = Reflect.get(kafka, clusterMaker(kafka)) as ClusterMaker
  return mended(create({ metadataMaxAge: METADATA_AGE_MS, allowAutoTopicCreation: false }))
}

/** Changes the cluster of what this kafka makes from now on, before it is used. */
export function changeClusters(kafka: Kafka, change: (cluster: Cluster) => void): void {
  const name = clusterMaker(kafka)
  const create = Reflect.get(kafka, name) as ClusterMaker
  const createChanged: ClusterMaker = (options) => {
    const cluster = mended(create(options))
    change(cluster)
    return cluster
  }
  Reflect.set(kafka, name, createChanged)
}

type ClusterMaker = (options: object) => Cluster

function clusterMaker(kafka: Kafka): symbol {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  )
  if (!symbol) throw new Error('kafkajs has no clusters of its own')
  return symbol
}

function mended(cluster: Cluster): Cluster {
  cluster.findGroupCoordinatorMetadata = (group) => findCoordinator(cluster, group)
  return cluster
}

/** As kafkajs does it, but without hiding why a broker refuses. */
async function findCoordinator(cluster: Cluster, group: CoordinatorQuery): Promise<CoordinatorAnswer> {
  let failure: unknown = new Error('there is no broker to ask')
  // who cannot be reached is asked last: to find that out takes its time
  const brokers = Object.values(cluster.brokerPool.brokers)
  const isAway = (broker: Broker) => Number(!broker.isConnected())
  for (const { nodeId } of brokers.sort((a, b) => isAway(a) - isAway(b))) {
    try {
      const broker = await cluster.findBroker({ nodeId })
      return await broker.findGroupCoordinator(group)
    } catch (error) {
      failure = error
      if (finalError(error, '')) break
    }
  }
  throw failure
}

const METADATA_AGE_MS = 60_000
