import { ExpectedError } from '../../../../errors.js'
import type { Address } from './dialog.js'

const at = ({ host, port }: Address) => `${host}:${port}`

const CHECK_PORT = 'check the port in --bootstrap-server: brokers have one for clients, often 9092'

/** Of Node's codes, those that tell the cause; undefined for another. */
export function byCode(code: string, message: string, address: Address): Error | undefined {
  if (code === 'ENOTFOUND')
    return new ExpectedError(`there is no host ${address.host}`, ['check the name in --bootstrap-server'])
  const certificate = CERTIFICATE[code]
  if (certificate) return new ExpectedError(certificate.sentence(at(address), message), certificate.suggestions)
  const passing = connectionReason(code, at(address))
  return passing && code !== 'ECONNRESET' ? new Error(passing) : undefined
}

/** What Node's codes mean where waiting may help, in a few words. */
export function connectionReason(code: unknown, where: string): string | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${where}`
    case 'EAI_AGAIN':
      return `the name of ${where} cannot be looked up at the moment`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no way to ${where}`
    case 'ETIMEDOUT':
      return `${where} does not answer`
    case 'ECONNRESET':
    case 'EPIPE':
      return `${where} closed the connection`
    default:
      return undefined
  }
}

const UNTRUSTED = {
  sentence: (where: string) => `the certificate of ${where} is signed by nobody that is trusted`,
  suggestions: ['ssl.ca.location names the PEM file of the authority that signed it'],
}

/** What is wrong with a broker's certificate, by Node's code. */
const CERTIFICATE: Record<string, { sentence(where: string, message: string): string; suggestions: string[] }> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: {
    sentence: (where) => `the certificate of ${where} has expired`,
    suggestions: ['ask who runs the brokers for a new one', "check this machine's clock"],
  },
  CERT_NOT_YET_VALID: {
    sentence: (where) => `the certificate of ${where} is not valid yet`,
    suggestions: ["check this machine's clock"],
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    sentence: (where) => `the certificate of ${where} is for another host name`,
    suggestions: [
      'name the broker in --bootstrap-server as its certificate does',
      'ssl.endpoint.identification.algorithm=none takes it for any name',
    ],
  },
}

export const http = (address: Address) =>
  new ExpectedError(`${at(address)} is a web server, not a Kafka broker`, [CHECK_PORT])

export const foreign = (address: Address) =>
  new ExpectedError(`${at(address)} does not speak as a Kafka broker`, [CHECK_PORT])

export const controller = (address: Address) =>
  new ExpectedError(`${at(address)} is the port of a Kafka controller, not one for clients`, [CHECK_PORT])

export const speaksTls = (address: Address) =>
  new ExpectedError(`${at(address)} speaks TLS, and was spoken to without`, [
    'security.protocol=SSL, or SASL_SSL where it wants a user, in --kafka-config',
    CHECK_PORT,
  ])

export const speaksNoTls = (address: Address) =>
  new ExpectedError(`${at(address)} speaks no TLS, and was spoken to with it`, [
    'security.protocol=PLAINTEXT, or SASL_PLAINTEXT where it wants a user',
    CHECK_PORT,
  ])

export const tlsRefused = (address: Address, message: string) =>
  new ExpectedError(`${at(address)} does not take us by TLS: ${reasonIn(message)}`, [
    'it may want a certificate of the client: ssl.certificate.location and ssl.key.location, or ssl.keystore.location',
  ])

export const wantsUser = (address: Address) =>
  new ExpectedError(`${at(address)} wants a user, and none was named`, [
    'security.protocol=SASL_SSL (SASL_PLAINTEXT without TLS), sasl.mechanism, sasl.username, sasl.password in --kafka-config',
  ])

export const wantsNoUser = (address: Address) =>
  new ExpectedError(`${at(address)} takes no users, and one was named`, [
    'security.protocol=SSL, or PLAINTEXT without TLS, and no sasl properties',
    CHECK_PORT,
  ])

export const otherMechanism = (address: Address, mechanism: string, offered: readonly string[]) =>
  new ExpectedError(`${at(address)} does not take users by ${mechanism}, but by ${offered.join(', ')}`, [
    `sasl.mechanism=${offered[0]}`,
  ])

export const silent = (address: Address) => new Error(`${at(address)} does not answer`)

export const closed = (address: Address) => new Error(`${at(address)} closed the connection`)

/** OpenSSL's messages are `number:error:code:library:function:reason:file:line:`. */
function reasonIn(message: string): string {
  return /error:[^:]*:[^:]*:[^:]*:([^:]+)/.exec(message)?.[1] ?? message
}
