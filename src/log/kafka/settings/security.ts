import { type Properties, settingsError, waysToGive } from './properties.js'

/** Whether the connection is encrypted, and whether a user is named on it. */
export interface Security {
  tls: boolean
  sasl: boolean
}

const PROTOCOLS: Record<string, Security> = {
  PLAINTEXT: { tls: false, sasl: false },
  SSL: { tls: true, sasl: false },
  SASL_PLAINTEXT: { tls: false, sasl: true },
  SASL_SSL: { tls: true, sasl: true },
}

/**
 * What `security.protocol` says; PLAINTEXT without it, as in every Kafka client.
 * @throws ExpectedError where it is unknown, or is missing beside properties that only count with another one
 */
export function readSecurity(properties: Properties): Security {
  const given = properties.first('security.protocol')
  if (!given) return withoutProtocol(properties)
  const protocol = given.value.toUpperCase().replace('-', '_')
  if (Object.hasOwn(PROTOCOLS, protocol)) return PROTOCOLS[protocol]
  throw settingsError(`${given.where}: '${given.value}' is not one of ${Object.keys(PROTOCOLS).join(', ')}`)
}

/** A user or a certificate that is silently not used would show as a connection that hangs. */
function withoutProtocol(properties: Properties): Security {
  const sasl = properties.first(
    'sasl.mechanism',
    'sasl.username',
    'sasl.password',
    'sasl.oauthbearer.token',
    'sasl.oauthbearer.client.id',
  )
  const tls = properties.first(
    'ssl.ca.location',
    'ssl.ca.pem',
    'ssl.certificate.location',
    'ssl.certificate.pem',
    'ssl.keystore.location',
  )
  const unused = sasl ?? tls
  if (!unused) return PROTOCOLS.PLAINTEXT
  throw settingsError(
    `${unused.where} counts only with a security.protocol, and none is given`,
    ...waysToGive('security.protocol', sasl ? 'SASL_SSL' : 'SSL'),
    'PLAINTEXT as its value where the brokers ask for nothing',
  )
}
