import { readFileSync } from 'node:fs'
import type { Kafka, SASLOptions } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LocalKafka } from './local-kafka.js'
import { plainClient, readValues, sendValues, withAdmin } from './plain-client.js'
import { type User, unsecuredToken } from './security.js'

let kafka: LocalKafka
beforeAll(async () => {
  kafka = await LocalKafka.start({ security: 'sasl_ssl' })
  await withAdmin(as('worker'), (admin) => admin.createTopics({ topics: [{ topic: 'guarded' }] }))
})
afterAll(() => kafka.stop())

describe('brokers with TLS and users', () => {
  it.each(['scram-sha-256', 'scram-sha-512', 'plain'] as const)('know a user by %s', async (mechanism) => {
    const client = as('worker', { mechanism, username: 'worker', password: kafka.users.worker } as SASLOptions)
    expect(await withAdmin(client, (admin) => admin.listTopics())).toContain('guarded')
  })

  it('know a user by an unsecured token', async () => {
    const client = as('worker', {
      mechanism: 'oauthbearer',
      oauthBearerProvider: async () => ({ value: unsecuredToken('worker') }),
    })
    expect(await withAdmin(client, (admin) => admin.listTopics())).toContain('guarded')
  })

  it('turn away a wrong password, and a client that does not speak TLS', async () => {
    const wrong = as('worker', { mechanism: 'scram-sha-256', username: 'worker', password: kafka.users.reader })
    await expect(withAdmin(wrong, (admin) => admin.listTopics())).rejects.toThrow('Authentication failed')
    const open = plainClient(kafka.bootstrap, { retry: { retries: 0 } })
    await expect(withAdmin(open, (admin) => admin.listTopics())).rejects.toThrow()
  })

  it('let a worker write and read, and a reader do no more than look', async () => {
    await sendValues(as('worker'), 'guarded', 0, ['a'])
    expect(await readValues(as('worker'), 'guarded', 'reading', 1)).toEqual(['a'])
    const { topics } = await withAdmin(as('reader'), (admin) => admin.fetchTopicMetadata({ topics: ['guarded'] }))
    expect(topics[0]?.partitions).toHaveLength(1)
    await expect(sendValues(as('reader'), 'guarded', 0, ['b'])).rejects.toThrow('authorization failed')
    await expect(readValues(as('reader'), 'guarded', 'peeping', 1)).rejects.toThrow('Not authorized to access group')
  })
})

describe('brokers that ask for a certificate', () => {
  it('let only those in who show one', async () => {
    const asking = await LocalKafka.start({ security: 'sasl_ssl', clientCertificates: true })
    try {
      const { tls, users, bootstrap } = asking
      const sasl = { mechanism: 'plain', username: 'worker', password: users.worker } as const
      const own = { cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }
      const list = (certificate: object): Promise<string[]> => {
        const ssl = { ca: readFileSync(tls.ca), ...certificate }
        return withAdmin(plainClient(bootstrap, { ssl, sasl, retry: { retries: 0 } }), (admin) => admin.listTopics())
      }
      expect(await list(own)).toEqual([])
      await expect(list({})).rejects.toThrow()
    } finally {
      await asking.stop()
    }
  })
})

function as(user: User, sasl?: SASLOptions): Kafka {
  return plainClient(kafka.bootstrap, {
    ssl: { ca: readFileSync(kafka.tls.ca) },
    sasl: sasl ?? { mechanism: 'scram-sha-256', username: user, password: kafka.users[user] },
  })
}
