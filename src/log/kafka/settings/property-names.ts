/** The properties that say how brokers are reached, by one spelling; see `SPELLINGS` for the others. */
export const PROPERTY_NAMES = [
  'bootstrap.servers',
  'client.id',
  'security.protocol',
  'sasl.mechanism',
  'sasl.username',
  'sasl.password',
  'sasl.jaas.config',
  'sasl.oauthbearer.method',
  'sasl.oauthbearer.token',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.client.secret',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.extensions',
  'ssl.ca.location',
  'ssl.ca.pem',
  'ssl.certificate.location',
  'ssl.certificate.pem',
  'ssl.key.location',
  'ssl.key.pem',
  'ssl.key.password',
  'ssl.keystore.location',
  'ssl.endpoint.identification.algorithm',
  'enable.ssl.certificate.verification',
] as const

export type PropertyName = (typeof PROPERTY_NAMES)[number]

/** Other names of the same: librdkafka's or Java's. */
const OTHER_SPELLINGS: Record<string, PropertyName> = {
  'metadata.broker.list': 'bootstrap.servers',
  'sasl.mechanisms': 'sasl.mechanism',
  'sasl.oauthbearer.client.credentials.client.id': 'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.client.credentials.client.secret': 'sasl.oauthbearer.client.secret',
  'ssl.truststore.location': 'ssl.ca.location',
  'ssl.truststore.certificates': 'ssl.ca.pem',
  'ssl.keystore.certificate.chain': 'ssl.certificate.pem',
  'ssl.keystore.key': 'ssl.key.pem',
}

/** Every spelling that is understood, and what it means. */
export const SPELLINGS: ReadonlyMap<string, PropertyName> = new Map([
  ...PROPERTY_NAMES.map((name) => [name, name] as const),
  ...Object.entries(OTHER_SPELLINGS),
])

const SECRET =
  /(password|passphrase|secret|jaas\.config|oauthbearer\.(token|config)|\.pem|keystore\.key|certificate\.chain|user\.info)$/

/** Whether a property of this name, known or not, may hold a secret, and so has to stay out of arguments. */
export function isSecret(name: string): boolean {
  return SECRET.test(name.toLowerCase())
}

/** The environment variable of a property: `sasl.password` is `KAFKA_SASL_PASSWORD`. */
export function variableOf(spelling: string): string {
  return `KAFKA_${spelling.toUpperCase().replaceAll('.', '_')}`
}
