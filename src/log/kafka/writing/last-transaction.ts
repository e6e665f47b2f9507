import type { Client } from '../client/client.js'
import { describesTransactions, describeTransactionRequest } from '../client/describe-transaction.js'
import type { Cluster } from '../client/internals.js'
import { untilLastHasEnded } from './until-ended.js'

/** What the transactions of an id write to: messages of a topic, if it is known, and offsets of a group. */
export interface Touched {
  topic?: string | undefined
  group: string
}

/** Who writes now. */
export interface ProducerIdentity {
  transactionalId: string
  producerId: string
  producerEpoch: number
}

type Outcome = 'commit' | 'abort'

interface Noted {
  outcome: Outcome
  /** a new producer was opened since, so that asking again would not tell */
  isForgotten: boolean
}

/** By the state, as the protocol calls it. One that is open is aborted by whoever opens the next producer. */
const OUTCOMES: readonly [string, Outcome][] = [
  ['PrepareCommit', 'commit'],
  ['CompleteCommit', 'commit'],
  ['PrepareAbort', 'abort'],
  ['CompleteAbort', 'abort'],
  ['PrepareEpochFence', 'abort'],
  ['Ongoing', 'abort'],
]
const TRANSACTION = 1

/**
 * Ends the last transaction of an id once more, as it was ended. A broker that is restarted can take a transaction for ended without
 * having said so to partitions which had no leader right then (seen with Kafka 4.3.1 that was killed): what was written there
 * would hang, and be taken along by the next transaction, whatever that one does.
 */
export class LastTransactions {
  /** by id, until the end was said again: when a new producer is opened, the brokers forget how the last transaction ended */
  private readonly unsettled = new Map<string, Noted>()

  constructor(private readonly client: Client) {}

  /** To be called before a producer of the id is opened. */
  async note(cluster: Cluster, id: string): Promise<void> {
    const broker = await coordinatorOf(cluster, id)
    if (this.unsettled.get(id)?.isForgotten || !describesTransactions(broker)) return
    const state = await broker.connectionPool.send(describeTransactionRequest(this.client, id))
    const outcome = OUTCOMES.find(([name]) => name === state)?.[1]
    // a try that seemed to fail may have opened one all the same: what was noted before it holds where nothing is known now
    if (outcome) this.unsettled.set(id, { outcome, isForgotten: false })
  }

  /** To be called when one has been opened, before it is used. */
  async settle(cluster: Cluster, producer: ProducerIdentity, { topic, group }: Touched): Promise<void> {
    const { transactionalId } = producer
    const noted = this.unsettled.get(transactionalId)
    if (!noted) return
    noted.isForgotten = true
    const broker = await coordinatorOf(cluster, transactionalId)
    if (topic !== undefined) {
      const topics = [{ topic, partitions: await partitionsOf(cluster, topic) }]
      await untilLastHasEnded(() => broker.addPartitionsToTxn({ ...producer, topics }))
    }
    await untilLastHasEnded(() => broker.addOffsetsToTxn({ ...producer, groupId: group }))
    await broker.endTxn({ ...producer, transactionResult: noted.outcome === 'commit' })
    this.unsettled.delete(transactionalId)
  }
}

function coordinatorOf(cluster: Cluster, id: string) {
  return cluster.findGroupCoordinator({ groupId: id, coordinatorType: TRANSACTION })
}

async function partitionsOf(cluster: Cluster, topic: string): Promise<number[]> {
  await cluster.addTargetTopic(topic)
  return cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)
}
