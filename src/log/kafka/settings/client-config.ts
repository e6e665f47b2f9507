import type { KafkaConfig } from 'kafkajs'
import type { KafkaSettings, OauthSettings, SaslSettings, TlsSettings } from '../kafka-settings.js'
import { createTokenSource } from './oauth-token.js'

/**
 * What kafkajs is told of how to reach the brokers. Where tokens are fetched, one such config shares its token among
 * all connections of a client.
 */
export function kafkaClientConfig(settings: KafkaSettings): Pick<KafkaConfig, 'brokers' | 'clientId' | 'ssl' | 'sasl'> {
  const { brokers, clientId, tls, sasl } = settings
  return {
    brokers,
    clientId,
    ...(tls ? { ssl: tlsConfig(tls) } : {}),
    ...(sasl ? { sasl: saslConfig(sasl) } : {}),
  }
}

function tlsConfig({ ca, certificate, key, keyPassword, verifyHost, trustAny }: TlsSettings) {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(keyPassword === undefined ? {} : { passphrase: keyPassword }),
    ...(verifyHost ? {} : { checkServerIdentity: () => undefined }),
    ...(trustAny ? { rejectUnauthorized: false } : {}),
  }
}

function saslConfig(sasl: SaslSettings): NonNullable<KafkaConfig['sasl']> {
  if (sasl.mechanism === 'oauthbearer') return { mechanism: 'oauthbearer', oauthBearerProvider: provider(sasl.token) }
  const { mechanism, username, password } = sasl
  if (mechanism === 'plain') return { mechanism, username, password }
  return mechanism === 'scram-sha-256' ? { mechanism, username, password } : { mechanism, username, password }
}

function provider(oauth: OauthSettings) {
  const { extensions } = oauth
  const token = oauth.kind === 'static' ? async () => oauth.token : createTokenSource(oauth)
  // kafkajs sends extensions, though its types do not have them
  return async () => ({ value: await token(), ...(extensions ? { extensions } : {}) })
}
