import { createPrivateKey } from 'node:crypto'
import { inspect } from 'node:util'
import { stringify } from 'dot-properties'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CERTIFICATE, KEY, outcomeOf } from './resolved.js'

/** Long enough not to stand in a message by chance, and no word such as `property`, which does. */
const secret = fc
  .oneof(
    fc.string({ minLength: 8, maxLength: 40 }),
    fc.string({ unit: 'binary', minLength: 8, maxLength: 40 }),
    fc.base64String({ minLength: 8, maxLength: 200 }),
    fc.stringMatching(/^[a-z]{4,9}(\.[a-z]{4,9}){1,3}$/),
    fc.stringMatching(/^[a-z.]{2,9}[=:;"'\\][a-z"'\\=;]{6,12}$/),
  )
  .filter((text) => text.trim().length >= 8 && !/^[a-z]+$/i.test(text.trim()))

type Lines = Record<string, string>
const SASL = { 'bootstrap.servers': 'b:1', 'security.protocol': 'SASL_PLAINTEXT' }
const PLAIN = { ...SASL, 'sasl.mechanism': 'PLAIN' }
const OAUTH = { ...SASL, 'sasl.mechanism': 'OAUTHBEARER' }
const IDP = { ...OAUTH, 'sasl.oauthbearer.token.endpoint.url': 'https://idp/token' }
const SSL = { 'bootstrap.servers': 'b:1', 'security.protocol': 'SSL', 'ssl.certificate.pem': CERTIFICATE }
const ENCRYPTED = createPrivateKey(KEY)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' })
  .toString()

/** A secret at every place where one may stand, beside every mistake that can be made there. */
const PLACES: [string, (secret: string) => Lines | string][] = [
  ['no mechanism', (s) => ({ ...SASL, 'sasl.password': s })],
  ['no protocol', (s) => ({ 'bootstrap.servers': 'b:1', 'sasl.password': s })],
  ['no broker', (s) => ({ 'sasl.password': s })],
  ['another protocol', (s) => ({ ...PLAIN, 'security.protocol': 'X', 'sasl.password': s })],
  ['another mechanism', (s) => ({ ...SASL, 'sasl.mechanism': 'X', 'sasl.password': s })],
  ['no user', (s) => ({ ...PLAIN, 'sasl.password': s })],
  ['all right', (s) => ({ ...PLAIN, 'sasl.username': 'me', 'sasl.password': s })],
  ['a wrong port', (s) => ({ ...PLAIN, 'bootstrap.servers': 'b:x', 'sasl.username': 'me', 'sasl.password': s })],
  ['in a broker', (s) => ({ 'bootstrap.servers': `kafka://me:${encodeURIComponent(s)}@b:1` })],
  ['in a broker without a scheme', (s) => ({ 'bootstrap.servers': `me:${encodeURIComponent(s)}@b:1` })],
  ['a misspelt name', (s) => ({ ...PLAIN, 'sasl.pasword': s })],
  ['a name of its own', (s) => ({ ...PLAIN, 'my.own.password': s })],
  ['as a module', (s) => ({ ...PLAIN, 'sasl.jaas.config': s })],
  ['another module', (s) => ({ ...PLAIN, 'sasl.jaas.config': `a.B required password="${s}";` })],
  ['in a module', (s) => ({ ...PLAIN, 'sasl.jaas.config': `a.PlainLoginModule required password="${s}";` })],
  ['bare in a module', (s) => ({ ...PLAIN, 'sasl.jaas.config': `a.ScramLoginModule required password=${s};` })],
  ['no endpoint', (s) => ({ ...OAUTH, 'sasl.oauthbearer.client.secret': s })],
  ['no client', (s) => ({ ...IDP, 'sasl.oauthbearer.client.secret': s })],
  ['another method', (s) => ({ ...IDP, 'sasl.oauthbearer.method': 'x', 'sasl.oauthbearer.client.secret': s })],
  ['in the endpoint', (s) => ({ ...OAUTH, 'sasl.oauthbearer.token.endpoint.url': `https://${s}@idp/token` })],
  ['as a token', (s) => ({ ...OAUTH, 'sasl.oauthbearer.token': s })],
  ['beside extensions', (s) => ({ ...OAUTH, 'sasl.oauthbearer.token': s, 'sasl.oauthbearer.extensions': 'x' })],
  ['a key without certificate', (s) => ({ 'bootstrap.servers': 'b:1', 'security.protocol': 'SSL', 'ssl.key.pem': s })],
  ['as a key', (s) => ({ ...SSL, 'ssl.key.pem': s })],
  ['in a key', (s) => ({ ...SSL, 'ssl.key.pem': `-----BEGIN PRIVATE KEY-----\n${s}\n-----END PRIVATE KEY-----` })],
  ['a password of no use', (s) => ({ ...SSL, 'ssl.key.pem': KEY, 'ssl.key.password': s })],
  ['a wrong password', (s) => ({ ...SSL, 'ssl.key.pem': ENCRYPTED, 'ssl.key.password': s })],
  ['as a line', (s) => `bootstrap.servers=b:1\n${s}`],
  ['on a line of its own', (s) => `sasl.password=\\\n${s}\nbootstrap.servers=b`],
]

describe('a secret', () => {
  it.each(PLACES)('is shown by nothing: %s', async (_, file) => {
    await fc.assert(
      fc.asyncProperty(secret, async (text) => {
        const content = file(text)
        const written = typeof content === 'string' ? content : stringify(content)
        expect(await shownOf({ file: written })).not.toContain(text.trim())
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    'SASL_PASSWORD',
    'SASL_JAAS_CONFIG',
    'SASL_OAUTHBEARER_TOKEN',
    'SASL_OAUTHBEARER_CLIENT_SECRET',
    'SSL_KEY_PEM',
    'SSL_KEY_PASSWORD',
  ])('is shown by nothing in KAFKA_%s', async (name) => {
    const protocols = fc.constantFrom('', 'SSL', 'SASL_SSL', 'X')
    const mechanisms = fc.constantFrom('', 'PLAIN', 'SCRAM-SHA-256', 'OAUTHBEARER', 'X')
    await fc.assert(
      fc.asyncProperty(secret, protocols, mechanisms, async (text, protocol, mechanism) => {
        const env = { KAFKA_SECURITY_PROTOCOL: protocol, KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: 'me' }
        const flags = { 'bootstrap-server': 'b:1' }
        expect(await shownOf({ flags, env: { ...env, [`KAFKA_${name}`]: text } })).not.toContain(text.trim())
      }),
    )
  })

  it('is not repeated from an argument', async () => {
    const argument = fc.constantFrom('sasl.password=', 'sasl.pasword=', 'x=', '', 'ssl.keystore.key=', 'my.secret=')
    await fc.assert(
      fc.asyncProperty(argument, secret, async (name, text) => {
        const flags = { 'bootstrap-server': 'b:1', 'kafka-property': [name + text] }
        const { error } = await outcomeOf({ flags })
        expect(inspect(error)).not.toContain(text.trim())
      }),
    )
  })
})

/** All that a user, a log or a report could get to see. */
async function shownOf(given: Parameters<typeof outcomeOf>[0]): Promise<string> {
  const { settings, error, warnings } = await outcomeOf(given)
  const shown = [settings, error, error?.stack, error?.suggestions, error?.cause, warnings]
  return `${shown.map((part) => inspect(part, { depth: 9 })).join('\n')}\n${error?.message}\n${warnings.join('\n')}
    ${JSON.stringify({ settings, error })}`
}
