/** How the brokers are reached. Plain values, so that it can be handed to another thread; it may hold secrets. */
export interface KafkaSettings {
  /** `host:port` of brokers to begin with */
  brokers: string[]
  /** what brokers call us in their logs and quotas */
  clientId: string
  tls?: TlsSettings
  sasl?: SaslSettings
}

/** Without `ca` the authorities that Node knows are trusted. Everything but `verifyHost` is PEM text. */
export interface TlsSettings {
  ca?: string
  certificate?: string
  key?: string
  keyPassword?: string
  /** the broker's certificate must be for the name by which it is reached */
  verifyHost: boolean
  /** any certificate is taken for the broker's, whoever signed it */
  trustAny?: true
}

export type SaslSettings =
  | { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
  | { mechanism: 'oauthbearer'; token: OauthSettings }

/** Where tokens come from: one that is given, or an endpoint that grants them for client credentials (RFC 6749, 4.4). */
export type OauthSettings =
  | { kind: 'static'; token: string; extensions?: SaslExtensions }
  | {
      kind: 'endpoint'
      url: string
      clientId: string
      clientSecret: string
      scope?: string
      extensions?: SaslExtensions
    }

/** What is told to the broker beside the token (RFC 7628): `logicalCluster` and the like. */
export type SaslExtensions = Record<string, string>
