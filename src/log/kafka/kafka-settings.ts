/** How the brokers are reached. Plain JSON, so that it can be handed to another thread; it may hold secrets. */
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
}

export type SaslSettings =
  | { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
  | { mechanism: 'oauthbearer'; token: OauthSettings }

/** Where tokens come from: one that is given, or an endpoint that grants them for client credentials (RFC 6749, 4.4). */
export type OauthSettings =
  | { kind: 'static'; token: string }
  | { kind: 'endpoint'; url: string; clientId: string; clientSecret: string; scope?: string }
