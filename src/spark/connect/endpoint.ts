import { userInfo } from 'node:os'
import { EXIT, ExpectedError } from '../../errors.js'

/** Where a Spark Connect server answers, and as whom it is asked. Plain JSON, with a secret in it. */
export interface Endpoint {
  host: string
  port: number
  tls: boolean
  /** whom sessions belong to: they are found again by user and session id */
  userId: string
  /** sent with every call, as `authorization: Bearer` */
  token?: string
}

/** Where a connection string comes from. Arguments and config files can be read by others, so a token may stand in the environment only. */
export type EndpointOrigin = 'argument' | 'environment'

type Environment = Readonly<Record<string, string | undefined>>

export const DEFAULT_CONNECT_PORT = 15_002
const FORM = 'sc://HOST[:PORT][/;use_ssl=true;user_id=NAME]'
const TOKEN_VARIABLE = 'DTSTREAM_SPARK_TOKEN'
const PARAMETERS = ['use_ssl', 'user_id', 'token']

/**
 * Takes a connection string of Spark Connect apart. A token, also of the variable DTSTREAM_SPARK_TOKEN, goes over TLS
 * unless the server is on this machine.
 * @throws ExpectedError (exit code 2) where it is none, or a token stands where others can read it; the token is not repeated
 */
export function parseEndpoint(text: string, origin: EndpointOrigin, env: Environment = process.env): Endpoint {
  const [address, ...rest] = text.split('/;')
  // said before anything else, so that no message repeats it
  if (origin === 'argument' && /[;?&]\s*token\s*=/i.test(text))
    throw refused('a token stands in the connection string, where others on the machine can read it', [
      `leave it out: it comes from ${TOKEN_VARIABLE}, or with SPARK_REMOTE`,
    ])
  const { hostname, port } = urlOf(address)
  const parameters = parametersOf(rest.join('/;'))
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const token = parameters.get('token') || env[TOKEN_VARIABLE]
  return {
    host,
    port: port === '' ? DEFAULT_CONNECT_PORT : Number(port),
    tls: usesTls(parameters.get('use_ssl'), token !== undefined && token !== '', host),
    userId: parameters.get('user_id') || userInfo().username,
    ...(token ? { token } : {}),
  }
}

/** As it can be shown: without the token. */
export function describeEndpoint({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Whether a host's name means this machine, whatever it is called. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host)
}

function urlOf(address: string): URL {
  const url = /^sc:\/\/[^/?#@\s]+\/?$/.test(address) && URL.canParse(address) ? new URL(address) : undefined
  if (!url || url.hostname === '' || url.port === '0')
    throw refused('this is no connection string of Spark Connect', [FORM])
  return url
}

function parametersOf(text: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const part of text.split(';').filter((one) => one !== '')) {
    const [name, ...value] = part.split('=')
    if (!PARAMETERS.includes(name) || value.length === 0)
      throw refused(`the connection string of Spark Connect has a parameter that dtstream does not know: '${name}'`, [
        `it knows use_ssl and user_id: ${FORM}`,
      ])
    parameters.set(name, decoded(value.join('=')))
  }
  return parameters
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw refused('a parameter of the connection string of Spark Connect is not encoded as in a URL', [
      'write % as %25, and ; as %3B',
    ])
  }
}

function usesTls(given: string | undefined, hasToken: boolean, host: string): boolean {
  if (given !== undefined && given !== 'true' && given !== 'false')
    throw refused(`use_ssl is true or false, not '${given}'`, [FORM])
  const must = hasToken && !isLoopback(host)
  if (must && given === 'false')
    throw refused('with use_ssl=false the token would go over the network for all to read', [
      'leave use_ssl=false out, or the token',
    ])
  return must || given === 'true'
}

function refused(sentence: string, suggestions: string[]): ExpectedError {
  return new ExpectedError(sentence, suggestions, EXIT.usage)
}
