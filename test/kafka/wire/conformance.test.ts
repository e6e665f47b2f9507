import { afterAll, beforeAll, vi } from 'vitest'
import { openKafkaLog } from '../../../src/log/kafka/kafka-log.js'
import { logConformance } from '../../conformance/log.js'
import { LocalKafka } from '../support/local-kafka.js'

let kafka: LocalKafka

beforeAll(async () => {
  vi.stubEnv('DTSTREAM_KAFKA_WIRE', 'plain')
  kafka = await LocalKafka.start()
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await kafka?.stop()
})

/** The brokers are the same for all tests: each leaves them as it found them. */
logConformance('Kafka, by the plain wire,', async () => {
  const open = () => openKafkaLog({ brokers: kafka.bootstrap.split(','), clientId: 'test' }, { onNotice: () => {} })
  return {
    open,
    async remove() {
      const log = await open()
      for (const { name } of await log.topics()) await log.deleteTopic(name)
      await log.close()
    },
  }
})
