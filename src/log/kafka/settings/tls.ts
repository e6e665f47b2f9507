import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { TlsSettings } from '../kafka-settings.js'
import { type Pem, type ReadFile, readPem } from './pem.js'
import { type Properties, settingsError, waysToGive } from './properties.js'

/**
 * What the `ssl.` properties say, with the files that they name.
 * @param warn told, in a sentence, where the broker's certificate is not to be checked
 * @throws ExpectedError where a file is missing or of another form, or where key, certificate or password do not fit
 */
export async function readTls(
  properties: Properties,
  readFile: ReadFile,
  warn: (sentence: string) => void,
): Promise<TlsSettings> {
  const ca = await readCa(properties, readFile)
  const client = await readClientCertificate(properties, readFile)
  const verification = readFlag(properties, 'enable.ssl.certificate.verification', { true: true, false: false }, true)
  const algorithms = { https: true, none: false }
  const verifyHost = readFlag(properties, 'ssl.endpoint.identification.algorithm', algorithms, true)
  if (!verification) warn('the certificates of the brokers are not checked: anybody could stand between')
  return {
    ...(ca ? { ca } : {}),
    ...client,
    verifyHost: verifyHost && verification,
    ...(verification ? {} : { trustAny: true as const }),
  }
}

async function readCa(properties: Properties, readFile: ReadFile): Promise<string | undefined> {
  const property = properties.first('ssl.ca.location', 'ssl.ca.pem')
  if (!property || property.value === 'probe') return undefined // librdkafka's word for what the system trusts
  const pem = await readPem(property, readFile)
  return certificatesOf(pem)
}

async function readClientCertificate(
  properties: Properties,
  readFile: ReadFile,
): Promise<Pick<TlsSettings, 'certificate' | 'key' | 'keyPassword'>> {
  const chain = properties.first('ssl.certificate.location', 'ssl.certificate.pem', 'ssl.keystore.location')
  const own = properties.first('ssl.key.location', 'ssl.key.pem')
  if (!chain) {
    if (own) properties.required('ssl.certificate.location', own)
    return {}
  }
  const chainPem = await readPem(chain, readFile)
  const certificate = certificatesOf(chainPem)
  const keyPem = own ? await readPem(own, readFile) : chainPem
  if (!keyPem.key) {
    if (!own && chain.name !== 'ssl.keystore.location') properties.required('ssl.key.location', chain)
    throw settingsError(`${keyPem.where} holds no private key`, 'a file with -----BEGIN PRIVATE KEY----- in it')
  }
  const keyPassword = properties.value('ssl.key.password')
  checkKey(keyPem.key, keyPassword, certificate, keyPem.where, chainPem.where)
  return { certificate, key: keyPem.key, ...(keyPassword === undefined ? {} : { keyPassword }) }
}

function certificatesOf({ certificates, where }: Pem): string {
  if (!certificates)
    throw settingsError(`${where} holds no certificate`, 'a file with -----BEGIN CERTIFICATE----- in it')
  for (const one of certificates.match(/-----BEGIN.*?-----END.*?\n/gs) ?? []) {
    try {
      new X509Certificate(one)
    } catch {
      throw settingsError(`${where} holds a certificate that cannot be read`)
    }
  }
  return certificates
}

function checkKey(key: string, password: string | undefined, chain: string, where: string, chainWhere: string): void {
  const opened = openKey(key, password, where)
  if (new X509Certificate(chain).checkPrivateKey(opened)) return
  throw settingsError(
    `${where}: the private key does not fit the certificate of ${chainWhere}`,
    'the key that this certificate was made with; in a chain, the own certificate stands first',
  )
}

function openKey(key: string, password: string | undefined, where: string) {
  try {
    return createPrivateKey({ key, ...(password === undefined ? {} : { passphrase: password }) })
  } catch (error) {
    const isEncrypted = key.includes('ENCRYPTED')
    if (!isEncrypted) throw settingsError(`${where}: the private key cannot be read`)
    if (password === undefined) {
      throw settingsError(`${where}: the private key is encrypted`, ...waysToGive('ssl.key.password'))
    }
    const code = String((error as { code?: unknown }).code)
    const isUnsupported = /UNSUPPORTED/.test(code)
    if (isUnsupported) throw settingsError(`${where}: the private key is encrypted in a way that is not supported`)
    throw settingsError(`${where}: ssl.key.password does not open the private key`)
  }
}

/** A property that is one of a few words, in any case; an empty value is `none` to Kafka's clients. */
function readFlag(
  properties: Properties,
  name: 'enable.ssl.certificate.verification' | 'ssl.endpoint.identification.algorithm',
  words: Readonly<Record<string, boolean>>,
  byDefault: boolean,
): boolean {
  const given = properties.given(name)
  if (!given) return byDefault
  const word = given.value.toLowerCase() || 'none'
  if (Object.hasOwn(words, word)) return words[word]
  throw settingsError(`${given.where}: '${given.value}' is not one of ${Object.keys(words).join(', ')}`)
}
