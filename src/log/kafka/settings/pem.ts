import { fileProblem } from '../../../cli/file-problem.js'
import { type Property, settingsError } from './properties.js'

export type ReadFile = (path: string) => Promise<string>

/** PEM text by what its blocks hold; undefined where it has none of them. */
export interface Pem {
  certificates?: string
  key?: string
  /** for messages: the property, and the file where there is one */
  where: string
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs
const JKS = /^(?:\uFFFD|\u00FE){2}/
const DER_FILE = /\.(der|cer|crt)$/i

/**
 * The PEM text that a property gives, as text or as a file, in the form that Node takes: Kafka's clients also read
 * base64 on one line, with blanks for line ends.
 * @throws ExpectedError where the file cannot be read, or is a Java or PKCS12 store: with the command that converts it
 */
export async function readPem(property: Property, readFile: ReadFile): Promise<Pem> {
  const isFile = property.name.endsWith('.location')
  const text = isFile ? await readLocation(property, readFile) : property.value
  const blocks = [...text.matchAll(BLOCK)].map(([, label, body]) => ({ label, text: asLines(label, body) }))
  if (blocks.length === 0) {
    if (isFile) throw notPem(property, text)
    throw settingsError(`${property.where}: no PEM text stands there`, 'text from -----BEGIN to -----END')
  }
  const certificates = blocks.filter(({ label }) => label.endsWith('CERTIFICATE')).map((block) => block.text)
  const key = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'))?.text
  return {
    ...(certificates.length > 0 ? { certificates: certificates.join('') } : {}),
    ...(key ? { key } : {}),
    where: isFile ? `${property.where}: ${property.value}` : property.where,
  }
}

async function readLocation({ value, where }: Property, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(value)
  } catch (error) {
    throw settingsError(`${where}: ${value} cannot be read: ${fileProblem(error)}`)
  }
}

function asLines(label: string, body: string): string {
  const hasHeaders = body.includes(':')
  const content = hasHeaders ? body.trim() : (body.replace(/\s/g, '').match(/.{1,64}/g) ?? []).join('\n')
  return `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`
}

/** A binary file is a certificate (DER), a Java store or a PKCS12 store. */
function notPem({ name, value, where }: Property, text: string): Error {
  const what = `${where}: ${value} is not PEM, the only form that dtstream reads`
  const isStore = JKS.test(text) || text.startsWith('0')
  if (!isStore) return settingsError(what, 'a file with -----BEGIN ...----- in it')
  if (text.startsWith('0') && DER_FILE.test(value)) {
    return settingsError(what, `openssl x509 -inform der -in ${value} -out ${renamed(value, 'pem')}`)
  }
  if (name === 'ssl.ca.location') {
    const pem = renamed(value, 'pem')
    return settingsError(what, `keytool -list -rfc -keystore ${value} > ${pem}`, `ssl.truststore.type=PEM with ${pem}`)
  }
  const p12 = JKS.test(text) ? renamed(value, 'p12') : value
  const pem = renamed(value, 'pem')
  const toP12 = `keytool -importkeystore -srckeystore ${value} -destkeystore ${p12} -deststoretype PKCS12`
  return settingsError(
    what,
    ...(p12 === value ? [] : [toP12]),
    `openssl pkcs12 -in ${p12} -out ${pem}`,
    `ssl.keystore.type=PEM with ${pem}, and its pass phrase as ssl.key.password`,
  )
}

function renamed(path: string, ending: string): string {
  return `${path.replace(/\.[^./\\]*$/, '')}.${ending}`
}
