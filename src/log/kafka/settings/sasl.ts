import type { OauthSettings, SaslExtensions, SaslSettings } from '../kafka-settings.js'
import { type Properties, type Property, settingsError, waysToGive } from './properties.js'

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER']

type Warn = (sentence: string) => void

/**
 * What the `sasl.` properties say.
 * @param tls whether the connection is encrypted
 * @param warn told, in a sentence, where a secret would go over the network unencrypted
 * @throws ExpectedError where the mechanism is missing or unknown, or where something it needs is missing
 */
export function readSasl(properties: Properties, tls: boolean, warn: Warn): SaslSettings {
  const given = properties.first('sasl.mechanism')
  if (!given) {
    const protocol = properties.first('security.protocol')
    throw settingsError(
      `${protocol?.where ?? 'security.protocol'} needs a sasl.mechanism beside it`,
      ...waysToGive('sasl.mechanism', MECHANISMS.join('|')),
    )
  }
  const mechanism = given.value.toUpperCase()
  if (mechanism === 'OAUTHBEARER') {
    if (!tls) warn('the OAUTHBEARER token goes over the network unencrypted: security.protocol=SASL_SSL encrypts it')
    return { mechanism: 'oauthbearer', token: readOauth(properties, given, warn) }
  }
  if (!MECHANISMS.includes(mechanism)) {
    throw settingsError(
      `${given.where}: '${given.value}' is not a mechanism that dtstream knows`,
      MECHANISMS.join(', '),
    )
  }
  const lower = mechanism.toLowerCase() as 'plain' | 'scram-sha-256' | 'scram-sha-512'
  if (lower === 'plain' && !tls) {
    warn('the password of PLAIN goes over the network unencrypted: security.protocol=SASL_SSL encrypts it')
  }
  return { mechanism: lower, ...readUser(properties, given) }
}

function readUser(properties: Properties, mechanism: Property): { username: string; password: string } {
  const password = properties.first('sasl.password')
  const username = properties.required('sasl.username', password ?? mechanism)
  return { username: username.value, password: properties.required('sasl.password', username).value }
}

function readOauth(properties: Properties, mechanism: Property, warn: Warn): OauthSettings {
  const extensions = readExtensions(properties)
  const token = properties.first('sasl.oauthbearer.token')
  if (token) return { kind: 'static', token: readToken(token), ...extensions }
  const method = properties.first('sasl.oauthbearer.method')
  if (method && method.value.toLowerCase() !== 'oidc') {
    throw settingsError(`${method.where}: '${method.value}' is not a method that dtstream knows`, 'oidc')
  }
  const endpoint = properties.required('sasl.oauthbearer.token.endpoint.url', mechanism)
  const url = readEndpoint(endpoint, warn)
  const clientId = properties.required('sasl.oauthbearer.client.id', endpoint).value
  const clientSecret = properties.required('sasl.oauthbearer.client.secret', endpoint).value
  const scope = properties.value('sasl.oauthbearer.scope')
  return { kind: 'endpoint', url, clientId, clientSecret, ...(scope === undefined ? {} : { scope }), ...extensions }
}

function readToken({ value, where }: Property): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value
  throw settingsError(`${where}: a token has no blanks and no letters beyond ASCII`)
}

function readEndpoint({ value, where }: Property, warn: Warn): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw settingsError(`${where}: it is not an address`, 'https://login.example/oauth2/token')
  }
  if (url.username || url.password) {
    throw settingsError(
      `${where}: an address without user and password belongs there`,
      'sasl.oauthbearer.client.secret',
    )
  }
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'http:' && !isLocal) {
    warn(
      `the client secret goes to ${url.host} unencrypted: https:// in sasl.oauthbearer.token.endpoint.url encrypts it`,
    )
  }
  return url.href
}

function readExtensions(properties: Properties): { extensions?: SaslExtensions } {
  const given = properties.first('sasl.oauthbearer.extensions')
  if (!given) return {}
  const pairs = given.value.split(',').map((pair) => /^\s*([A-Za-z]+)=([\x20-\x7e]*?)\s*$/.exec(pair))
  const read = pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : []))
  if (read.length === pairs.length) return { extensions: Object.fromEntries(read) }
  throw settingsError(`${given.where}: it cannot be read as NAME=VALUE,NAME=VALUE`, 'logicalCluster=lkc-1')
}
