import { join } from 'node:path'
import { type Properties, writeProperties } from './broker-properties.js'
import { LOGIN_MODULES, type Security, type User } from './security.js'

/** Properties files for one user, in the two spellings that are about. */
export interface ClientProperties {
  /** As librdkafka has it, for kcat -F and Python. */
  librdkafka: string
  /** As the Java clients have it, for --command-config. */
  java: string
}

/** How a user with a password is known. */
export type Mechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'PLAIN'

/**
 * Writes a user's properties files. A librdkafka older than 2.6.1, as Debian 12's kcat has it, makes a mistake in SCRAM that
 * brokers of today do not pass over: give it PLAIN.
 */
export function writeClientProperties(
  folder: string,
  bootstrap: string,
  { tls, users }: Security,
  user: User,
  mechanism: Mechanism,
): ClientProperties {
  const paths = {
    librdkafka: join(folder, `${user}-${mechanism}.properties`),
    java: join(folder, `${user}-${mechanism}.java.properties`),
  }
  const both: Properties = {
    'bootstrap.servers': bootstrap,
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': mechanism,
  }
  writeProperties(paths.librdkafka, {
    ...both,
    'sasl.username': user,
    'sasl.password': users[user],
    'ssl.ca.location': tls.ca,
    'ssl.certificate.location': tls.certificate,
    'ssl.key.location': tls.key,
  })
  const module = mechanism === 'PLAIN' ? LOGIN_MODULES.plain : LOGIN_MODULES.scram
  writeProperties(paths.java, {
    ...both,
    'sasl.jaas.config': `${module} required username="${user}" password="${users[user]}";`,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': tls.ca,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': tls.both,
  })
  return paths
}
