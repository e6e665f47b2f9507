import { expect, it } from 'vitest'
import { Client } from '../../../../src/log/kafka/client/client.js'
import type { Cluster } from '../../../../src/log/kafka/client/internals.js'
import { LastTransactions } from '../../../../src/log/kafka/writing/last-transaction.js'

const ID = 'dtstream/data_raw/0'
const PRODUCER = { transactionalId: ID, producerId: '1', producerEpoch: 0 }

/** A coordinator that says of the id what it is told to, and keeps in mind how transactions are ended. */
class Coordinator {
  state = 'Empty'
  isAway = false
  readonly ended: boolean[] = []
  readonly cluster = { findGroupCoordinator: async () => this } as unknown as Cluster
  readonly versions = { 65: { minVersion: 0, maxVersion: 0 } }
  readonly connectionPool = { send: async () => this.state }

  async addOffsetsToTxn(): Promise<void> {
    if (this.isAway) throw new Error('away')
  }

  async endTxn({ transactionResult }: { transactionResult: boolean }): Promise<void> {
    this.ended.push(transactionResult)
  }
}

const lastTransactions = () => new LastTransactions(new Client({ brokers: ['127.0.0.1:1'], clientId: 'test' }))

/** Tries to open a producer: asks how the last transaction ended in each of these states, and is given one after the last. */
async function open(last: LastTransactions, coordinator: Coordinator, ...states: string[]): Promise<void> {
  for (const state of states) {
    coordinator.state = state
    await last.note(coordinator.cluster, ID)
  }
  await last.settle(coordinator.cluster, PRODUCER, { group: 'dtstream' })
}

it.each([
  ['as it was ended', ['CompleteCommit'], [true]],
  ['as it was aborted', ['PrepareAbort'], [false]],
  ['not at all where there was none', ['Empty'], []],
  [
    'as another process ended the next one, after no producer could be opened',
    ['CompleteAbort', 'CompleteCommit'],
    [true],
  ],
  ['as it was before a try that seemed to fail', ['CompleteCommit', 'Empty'], [true]],
])('the last transaction is ended once more %s', async (_how, states, ended) => {
  const coordinator = new Coordinator()
  await open(lastTransactions(), coordinator, ...states)
  expect(coordinator.ended).toEqual(ended)
})

it('what was noted before a producer was opened holds until the end was said', async () => {
  const coordinator = new Coordinator()
  const last = lastTransactions()
  coordinator.isAway = true
  await expect(open(last, coordinator, 'CompleteCommit')).rejects.toThrow('away')
  coordinator.isAway = false
  // that of the saying itself, which came to no end
  await open(last, coordinator, 'Ongoing')
  expect(coordinator.ended).toEqual([true])
  await open(last, coordinator, 'Empty')
  expect(coordinator.ended).toEqual([true])
})
