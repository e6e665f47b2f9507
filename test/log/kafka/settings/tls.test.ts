import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ConnectionOptions, connect, createServer } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { kafkaClientConfig } from '../../../../src/log/kafka/settings/client-config.js'
import { CERTIFICATE, errorOf, fixture, KEY, outcomeOf, settingsOf } from './resolved.js'

const SSL = 'bootstrap.servers=b:1\nsecurity.protocol=SSL\n'
const ENCRYPTED = createPrivateKey(KEY).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'sesame',
}) as string
const OTHER_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

const files = {
  'ca.pem': `subject=whoever\n${CERTIFICATE}`,
  'client.pem': CERTIFICATE,
  'key.pem': KEY,
  'encrypted.pem': ENCRYPTED,
  'other.pem': OTHER_KEY,
  'both.pem': KEY + CERTIFICATE,
  'broken.pem': CERTIFICATE.replace('MII', 'MXX'),
  'broken-key.pem': KEY.replace('MIG', 'MXX'),
  'words.txt': 'some words',
  'conf/store.jks': await fixture('store.jks'),
  'store.p12': await fixture('store.p12'),
  'broker.der': await fixture('broker.der'),
}

const tlsOf = async (file: string) => (await settingsOf({ file: SSL + file, files })).tls

/** PEM text as one property's value, in the ways that are in use. */
const onOneLine = (pem: string) => pem.trim().replaceAll('\n', ' ')
const escaped = (pem: string) => pem.replaceAll('\n', '\\n')
const continued = (pem: string) => pem.trim().replaceAll('\n', '\\n\\\n  ')

describe('ssl', () => {
  it.each([
    ['ssl.ca.location=ca.pem'],
    ['ssl.truststore.type=PEM\nssl.truststore.location=ca.pem'],
    [`ssl.ca.pem=${escaped(CERTIFICATE)}`],
    [`ssl.ca.pem=${continued(CERTIFICATE)}`],
    [`ssl.truststore.type=PEM\nssl.truststore.certificates=${onOneLine(CERTIFICATE)}`],
  ])('reads authorities: %s', async (file) => {
    expect(await tlsOf(file)).toEqual({ ca: CERTIFICATE, verifyHost: true })
  })

  it('reads several authorities', async () => {
    const bundle = { 'bundle.pem': `# one\n${CERTIFICATE}\n# two\n${CERTIFICATE}` }
    const { tls } = await settingsOf({ file: `${SSL}ssl.ca.location=bundle.pem`, files: bundle })
    expect(tls?.ca).toBe(CERTIFICATE + CERTIFICATE)
  })

  it('trusts whom Node trusts without any', async () => {
    expect(await tlsOf('')).toEqual({ verifyHost: true })
    expect(await tlsOf('ssl.ca.location=probe')).toEqual({ verifyHost: true })
  })

  it.each([
    ['ssl.certificate.location=client.pem\nssl.key.location=key.pem'],
    ['ssl.certificate.location=both.pem\nssl.key.location=both.pem'],
    [`ssl.certificate.pem=${escaped(CERTIFICATE)}\nssl.key.pem=${escaped(KEY)}`],
    ['ssl.keystore.type=PEM\nssl.keystore.location=both.pem'],
    [`ssl.keystore.certificate.chain=${onOneLine(CERTIFICATE)}\nssl.keystore.key=${onOneLine(KEY)}`],
  ])('reads a client certificate: %s', async (file) => {
    expect(await tlsOf(file)).toEqual({ certificate: CERTIFICATE, key: KEY, verifyHost: true })
  })

  it('reads an encrypted key with its password, also from the environment', async () => {
    const file = `${SSL}ssl.certificate.location=client.pem\nssl.key.location=encrypted.pem`
    const tls = { certificate: CERTIFICATE, key: ENCRYPTED, keyPassword: 'sesame', verifyHost: true }
    expect((await settingsOf({ file: `${file}\nssl.key.password=sesame`, files })).tls).toEqual(tls)
    expect((await settingsOf({ file, files, env: { KAFKA_SSL_KEY_PASSWORD: 'sesame' } })).tls).toEqual(tls)
  })

  it.each([
    ['ssl.endpoint.identification.algorithm=', { verifyHost: false }, 0],
    ['ssl.endpoint.identification.algorithm=none', { verifyHost: false }, 0],
    ['ssl.endpoint.identification.algorithm=HTTPS', { verifyHost: true }, 0],
    ['enable.ssl.certificate.verification=true', { verifyHost: true }, 0],
    ['enable.ssl.certificate.verification=false', { verifyHost: false, trustAny: true }, 1],
  ])('knows how far to check a broker: %s', async (file, tls, warnings) => {
    const outcome = await outcomeOf({ file: SSL + file })
    expect(outcome.settings?.tls).toEqual(tls)
    expect(outcome.warnings).toHaveLength(warnings)
  })

  it.each([
    [
      'ssl.ca.location=no.pem',
      'client.properties:3: ssl.ca.location: no.pem cannot be read: there is no such file',
      [],
    ],
    [
      'ssl.ca.location=key.pem',
      'client.properties:3: ssl.ca.location: key.pem holds no certificate',
      ['a file with -----BEGIN CERTIFICATE----- in it'],
    ],
    ['ssl.ca.location=broken.pem', 'ssl.ca.location: broken.pem holds a certificate that cannot be read', []],
    [
      'ssl.ca.location=words.txt',
      'words.txt is not PEM, the only form that dtstream reads',
      ['a file with -----BEGIN ...----- in it'],
    ],
    ['ssl.ca.pem=words', 'ssl.ca.pem: no PEM text stands there', ['text from -----BEGIN to -----END']],
    [
      'ssl.ca.location=broker.der',
      'broker.der is not PEM',
      ['openssl x509 -inform der -in broker.der -out broker.pem'],
    ],
    [
      'ssl.truststore.location=conf/store.jks',
      'ssl.truststore.location: conf/store.jks is not PEM',
      ['keytool -list -rfc -keystore conf/store.jks > conf/store.pem', 'ssl.truststore.type=PEM with conf/store.pem'],
    ],
    [
      'ssl.truststore.location=store.p12',
      'store.p12 is not PEM',
      ['keytool -list -rfc -keystore store.p12 > store.pem', 'ssl.truststore.type=PEM with store.pem'],
    ],
    [
      'ssl.keystore.location=conf/store.jks',
      'ssl.keystore.location: conf/store.jks is not PEM',
      [
        'keytool -importkeystore -srckeystore conf/store.jks -destkeystore conf/store.p12 -deststoretype PKCS12',
        'openssl pkcs12 -in conf/store.p12 -out conf/store.pem',
        'ssl.keystore.type=PEM with conf/store.pem, and its pass phrase as ssl.key.password',
      ],
    ],
    [
      'ssl.keystore.location=store.p12',
      'store.p12 is not PEM',
      [
        'openssl pkcs12 -in store.p12 -out store.pem',
        'ssl.keystore.type=PEM with store.pem, and its pass phrase as ssl.key.password',
      ],
    ],
    [
      'ssl.keystore.location=client.pem',
      'client.pem holds no private key',
      ['a file with -----BEGIN PRIVATE KEY----- in it'],
    ],
    [
      'ssl.certificate.location=client.pem',
      'ssl.certificate.location needs ssl.key.location beside it',
      ['ssl.key.location=... in the file that --kafka-config names', 'KAFKA_SSL_KEY_LOCATION in the environment'],
    ],
    [
      'ssl.key.location=key.pem',
      'ssl.key.location needs ssl.certificate.location beside it',
      [
        'ssl.certificate.location=... in the file that --kafka-config names',
        'KAFKA_SSL_CERTIFICATE_LOCATION in the environment',
      ],
    ],
    [
      'ssl.certificate.location=client.pem\nssl.key.location=other.pem',
      'client.properties:4: ssl.key.location: other.pem: the private key does not fit the certificate of client.properties:3: ssl.certificate.location: client.pem',
      ['the key that this certificate was made with; in a chain, the own certificate stands first'],
    ],
    [
      'ssl.certificate.location=client.pem\nssl.key.location=broken-key.pem',
      'broken-key.pem: the private key cannot be read',
      [],
    ],
    [
      'ssl.certificate.location=client.pem\nssl.key.location=encrypted.pem',
      'encrypted.pem: the private key is encrypted',
      ['ssl.key.password=... in the file that --kafka-config names', 'KAFKA_SSL_KEY_PASSWORD in the environment'],
    ],
    [
      'ssl.certificate.location=client.pem\nssl.key.location=encrypted.pem\nssl.key.password=open',
      'encrypted.pem: ssl.key.password does not open the private key',
      [],
    ],
    [
      'ssl.endpoint.identification.algorithm=dns',
      "ssl.endpoint.identification.algorithm: 'dns' is not one of https, none",
      [],
    ],
    [
      'enable.ssl.certificate.verification=no',
      "enable.ssl.certificate.verification: 'no' is not one of true, false",
      [],
    ],
  ])('says what is wrong with %j', async (file, message, suggestions) => {
    const error = await errorOf({ file: SSL + file, files })
    expect(error.message).toContain(message)
    expect({ ...error, message }).toEqual({ message, suggestions, exit: 2 })
  })
})

describe('a connection made with it', () => {
  it.each([
    ['ssl.ca.location=ca.pem', 'broker.test', 'connected'],
    ['ssl.ca.location=ca.pem', 'another.test', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['ssl.ca.location=ca.pem\nssl.endpoint.identification.algorithm=', 'another.test', 'connected'],
    ['', 'broker.test', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['ssl.endpoint.identification.algorithm=', 'broker.test', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['enable.ssl.certificate.verification=false', 'another.test', 'connected'],
  ])('with %j to %s: %s', async (file, servername, expected) => {
    expect(await connection(file, servername)).toMatchObject({ result: expected })
  })

  it('shows the client certificate', async () => {
    const client = 'ssl.certificate.location=client.pem\nssl.key.location=encrypted.pem\nssl.key.password=sesame\n'
    const { result, client: subject } = await connection(`${client}ssl.ca.location=ca.pem`, 'broker.test')
    expect({ result, subject }).toEqual({ result: 'connected', subject: 'broker.test' })
  })
})

/** To a server on this machine that shows the certificate of `broker.test`. */
async function connection(file: string, servername: string): Promise<{ result: string; client?: string }> {
  const config = kafkaClientConfig(await settingsOf({ file: SSL + file, files }))
  const server = createServer({ cert: CERTIFICATE, key: KEY, requestCert: true, rejectUnauthorized: false })
  const accepted = new Promise<string>((resolve) => {
    server.on('secureConnection', (socket) => resolve(String(socket.getPeerCertificate().subject?.CN)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const socket = connect({ host: '127.0.0.1', port, servername, ...(config.ssl as ConnectionOptions) })
  onTestFinished(() => void socket.destroy())
  try {
    await once(socket, 'secureConnect')
  } catch (error) {
    return { result: String((error as NodeJS.ErrnoException).code) }
  }
  return { result: 'connected', client: await accepted }
}
