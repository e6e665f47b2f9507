import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { format } from './broker-cache.js'
import { brokerProperties, type Properties, writeProperties } from './broker-properties.js'
import { type ClientTls, makeCertificates } from './certificates.js'

/** `admin` may do everything, `worker` everything with topics and groups, `reader` may describe them and no more. */
export const USERS = ['admin', 'worker', 'reader'] as const
export type User = (typeof USERS)[number]

/** Brokers that want TLS and a user; users and passwords are of one run. */
export interface Security {
  tls: ClientTls
  /** Passwords, the same for SCRAM and PLAIN. */
  users: Record<User, string>
  /** What each broker is told besides. */
  properties: Properties
  /** The first records of the cluster's metadata: users of SCRAM. To be laid over those in each data folder. */
  bootstrapRecords: string
}

/** Makes certificates and users in a folder. @param clientCertificates brokers take no client without a certificate */
export function makeSecurity(folder: string, clientCertificates: boolean): Security {
  mkdirSync(folder)
  const { client, broker } = makeCertificates(folder)
  const [admin, worker, reader] = USERS.map(() => randomBytes(16).toString('hex')) as [string, string, string]
  const users = { admin, worker, reader }
  const properties = {
    ...tlsProperties(client.ca, broker.both, clientCertificates),
    ...saslProperties(users),
    ...ACCESS,
  }
  return { tls: client, users, properties, bootstrapRecords: scramRecords(folder, users) }
}

/** Only the kit reaches the listeners without TLS, so that nobody is anonymous to whom that would give rights. */
const ACCESS: Properties = {
  'listener.security.protocol.map': 'CLIENT:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin;User:ANONYMOUS',
}

const UNSECURED = 'org.apache.kafka.common.security.oauthbearer.internals.unsecured'
export const LOGIN_MODULES = {
  plain: 'org.apache.kafka.common.security.plain.PlainLoginModule',
  scram: 'org.apache.kafka.common.security.scram.ScramLoginModule',
  token: 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule',
}

function tlsProperties(ca: string, broker: string, clientCertificates: boolean): Properties {
  return {
    'listener.name.client.ssl.keystore.type': 'PEM',
    'listener.name.client.ssl.keystore.location': broker,
    'listener.name.client.ssl.truststore.type': 'PEM',
    'listener.name.client.ssl.truststore.location': ca,
    'listener.name.client.ssl.client.auth': clientCertificates ? 'required' : 'none',
  }
}

function saslProperties(users: Record<User, string>): Properties {
  const passwords = USERS.map((user) => `user_${user}="${users[user]}"`).join(' ')
  const jaas = (mechanism: string): string => `listener.name.client.${mechanism}.sasl.jaas.config`
  return {
    'listener.name.client.sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512,PLAIN,OAUTHBEARER',
    [jaas('plain')]: `${LOGIN_MODULES.plain} required ${passwords};`,
    [jaas('scram-sha-256')]: `${LOGIN_MODULES.scram} required;`,
    [jaas('scram-sha-512')]: `${LOGIN_MODULES.scram} required;`,
    [jaas('oauthbearer')]: `${LOGIN_MODULES.token} required unsecuredLoginStringClaim_sub="admin";`,
    'listener.name.client.oauthbearer.sasl.server.callback.handler.class': `${UNSECURED}.OAuthBearerUnsecuredValidatorCallbackHandler`,
    'listener.name.client.oauthbearer.sasl.login.callback.handler.class': `${UNSECURED}.OAuthBearerUnsecuredLoginCallbackHandler`,
  }
}

/** Users of SCRAM are records of the cluster, which Kafka writes while it formats a folder. */
function scramRecords(folder: string, users: Record<User, string>): string {
  const ports = { client: 1, internal: 2, controller: 3 }
  const data = join(folder, 'formatted')
  const path = join(folder, 'format.properties')
  writeProperties(path, brokerProperties({ id: 1, ports, advertised: 1, data }, [{ id: 1, ports }]))
  const mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512']
  const credentials = USERS.flatMap((user) =>
    mechanisms.map((mechanism) => `${mechanism}=[name=${user},password=${users[user]}]`),
  )
  format(folder, path, credentials)
  return join(data, 'bootstrap.checkpoint')
}

/** Lays the users over a formatted data folder. */
export function addUsers(security: Security, data: string): void {
  cpSync(security.bootstrapRecords, join(data, 'bootstrap.checkpoint'))
}

/** A token for OAUTHBEARER that names a user and is signed by nobody, which these brokers accept. */
export function unsecuredToken(user: User, validForSeconds = 3600): string {
  const now = Math.floor(Date.now() / 1000)
  const parts = [{ alg: 'none' }, { sub: user, iat: now, exp: now + validForSeconds }]
  return `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`
}
