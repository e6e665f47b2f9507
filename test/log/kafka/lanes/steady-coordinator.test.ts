import kafkajs from 'kafkajs'
import { expect, it } from 'vitest'
import { rootOf } from '../../../../src/log/kafka/client/failures.js'
import type { Broker, Cluster } from '../../../../src/log/kafka/client/internals.js'
import { keepCoordinator } from '../../../../src/log/kafka/lanes/steady-coordinator.js'

const refused = new kafkajs.KafkaJSConnectionError('connect ECONNREFUSED', { broker: 'a:1', code: 'ECONNREFUSED' })
/** What kafkajs makes of it when it has tried often enough to find the coordinator. */
const givenUp = new kafkajs.KafkaJSNumberOfRetriesExceeded(refused, { retryCount: 8, retryTime: 1000 })

/** Stands in for a broker that coordinates a group, and dies. */
const broker = (heartbeat: () => Promise<unknown>) => ({ heartbeat }) as unknown as Broker

it('a coordinator that cannot be found yet is a failure that kafkajs tries again, so that a member stays who it is', async () => {
  const dead = broker(async () => {
    throw refused
  })
  const alive = broker(async () => 'heard')
  const answers: (() => Broker)[] = [
    () => dead,
    () => {
      throw givenUp
    },
    () => alive,
  ]
  const find = async () => (answers.shift() as () => Broker)()
  const cluster = { findGroupCoordinator: find } as unknown as Cluster
  const troubles: unknown[] = []
  let fine = 0
  keepCoordinator(cluster, { hasLeft: () => false, onTrouble: (error) => troubles.push(error), onFine: () => fine++ })
  const coordinator = (await cluster.findGroupCoordinator({ groupId: 'steady' })) as unknown as {
    heartbeat(): Promise<unknown>
  }
  for (const trouble of [refused, givenUp]) {
    const failure = await coordinator.heartbeat().catch((error: unknown) => error)
    expect((failure as { retriable?: boolean }).retriable).not.toBe(false)
    expect(rootOf(failure)).toMatchObject({ code: 'ECONNREFUSED' })
    expect(troubles.pop()).toBe(trouble)
  }
  expect(await coordinator.heartbeat()).toBe('heard')
  expect(fine).toBe(1)
})
