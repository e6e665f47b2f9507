import { describe, expect, it } from 'vitest'
import type { KafkaSettings } from '../../src/log/kafka/kafka-settings.js'
import { kafkaOptions, kafkaOptionsOf } from '../../src/spark/kafka-options.js'

const BROKERS = { brokers: ['one:9092', 'two:9092'], clientId: 'dtstream' }
const TLS = { ca: 'AUTHORITY', verifyHost: true }
const options = (of: Partial<KafkaSettings> = {}) => kafkaOptions({ ...BROKERS, ...of })

describe("options of Spark's Kafka source", () => {
  it('name the brokers, and nothing that is not set', () => {
    expect(options()).toEqual({
      'kafka.bootstrap.servers': 'one:9092,two:9092',
      'kafka.security.protocol': 'PLAINTEXT',
    })
  })

  it('carry certificates as text, since executors have not our files', () => {
    expect(options({ tls: { ...TLS, certificate: 'CERTIFICATE', key: 'KEY', keyPassword: 'WORD' } })).toEqual({
      'kafka.bootstrap.servers': 'one:9092,two:9092',
      'kafka.security.protocol': 'SSL',
      'kafka.ssl.truststore.type': 'PEM',
      'kafka.ssl.truststore.certificates': 'AUTHORITY',
      'kafka.ssl.keystore.type': 'PEM',
      'kafka.ssl.keystore.key': 'KEY',
      'kafka.ssl.keystore.certificate.chain': 'CERTIFICATE',
      'kafka.ssl.key.password': 'WORD',
    })
  })

  it('do not look at the name in a certificate where that is not wanted', () => {
    const found = options({ tls: { verifyHost: false } })
    expect(found['kafka.ssl.endpoint.identification.algorithm']).toBe('')
    expect(options({ tls: TLS })).not.toHaveProperty('kafka.ssl.endpoint.identification.algorithm')
  })

  it.each([
    ['plain', 'PLAIN', 'plain.PlainLoginModule', 'PLAINTEXT'],
    ['scram-sha-256', 'SCRAM-SHA-256', 'scram.ScramLoginModule', 'SSL'],
    ['scram-sha-512', 'SCRAM-SHA-512', 'scram.ScramLoginModule', 'SSL'],
  ] as const)('say who we are by %s, whatever is in a password', (mechanism, name, module, protocol) => {
    const sasl = { mechanism, username: 'shift', password: 'a"b\\c;d' }
    const found = options({ sasl, ...(protocol === 'SSL' ? { tls: TLS } : {}) })
    expect(found).toMatchObject({
      'kafka.security.protocol': `SASL_${protocol}`,
      'kafka.sasl.mechanism': name,
      'kafka.sasl.jaas.config': `org.apache.kafka.common.security.${module} required username="shift" password="a\\"b\\\\c;d";`,
    })
  })

  it('are refused for what the Java client cannot do', () => {
    expect(() => options({ tls: { verifyHost: true, trustAny: true } })).toThrow(/cannot take any certificate/)
    const token = { kind: 'static' as const, token: 'hidden' }
    expect(() => options({ sasl: { mechanism: 'oauthbearer', token } })).toThrow(/OAUTHBEARER.* not passed on/)
  })

  it('are not to be had of the embedded log', () => {
    expect(() => kafkaOptionsOf({ place: { kind: 'embedded', folder: '/log' } })).toThrow(/not of the embedded log/)
  })
})
