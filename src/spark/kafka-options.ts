import { EXIT, ExpectedError } from '../errors.js'
import type { KafkaSettings, SaslSettings, TlsSettings } from '../log/kafka/kafka-settings.js'
import type { Log } from '../log/log.js'

/** Of Spark's Kafka source and sink, `kafka.` before the names of Java's client. They may hold secrets. */
export type KafkaOptions = Record<string, string>

/** @throws ExpectedError (exit code 2) for the embedded log, of which Spark knows nothing */
export function kafkaOptionsOf({ place }: Pick<Log, 'place'>): KafkaOptions {
  if (place.kind === 'kafka') return kafkaOptions(place.settings)
  throw new ExpectedError(
    'Spark reads and writes topics of Kafka, not of the embedded log',
    ['--bootstrap-server HOST:PORT', 'dtstream process without --engine spark reads the embedded log'],
    EXIT.usage,
  )
}

/**
 * How Spark is to reach the brokers: the driver and every executor, so certificates travel as text and not as paths.
 * @throws ExpectedError (exit code 2) for what Java's client has no way to do
 */
export function kafkaOptions({ brokers, tls, sasl }: KafkaSettings): KafkaOptions {
  const protocol = `${sasl ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`
  const properties = {
    'bootstrap.servers': brokers.join(','),
    'security.protocol': protocol,
    ...(tls ? tlsProperties(tls) : {}),
    ...(sasl ? saslProperties(sasl) : {}),
  }
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [`kafka.${name}`, value]))
}

function tlsProperties({
  ca,
  certificate,
  key,
  keyPassword,
  verifyHost,
  trustAny,
}: TlsSettings): Record<string, string> {
  if (trustAny)
    throw refused("Spark cannot take any certificate for the broker's", 'name the authority: ssl.ca.location')
  return {
    ...(verifyHost ? {} : { 'ssl.endpoint.identification.algorithm': '' }),
    ...(ca === undefined ? {} : { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': ca }),
    ...(key === undefined || certificate === undefined
      ? {}
      : { 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': key, 'ssl.keystore.certificate.chain': certificate }),
    ...(keyPassword === undefined ? {} : { 'ssl.key.password': keyPassword }),
  }
}

function saslProperties(sasl: SaslSettings): Record<string, string> {
  if (sasl.mechanism === 'oauthbearer')
    throw refused('tokens for the brokers (OAUTHBEARER) are not passed on to Spark', 'use SCRAM, PLAIN or certificates')
  const { mechanism, username, password } = sasl
  const login = mechanism === 'plain' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule'
  return {
    'sasl.mechanism': mechanism.toUpperCase(),
    'sasl.jaas.config': `org.apache.kafka.common.security.${login} required username="${escaped(username)}" password="${escaped(password)}";`,
  }
}

function escaped(value: string): string {
  return value.replace(/["\\]/g, '\\$&')
}

function refused(sentence: string, suggestion: string): ExpectedError {
  return new ExpectedError(sentence, [suggestion], EXIT.usage)
}
