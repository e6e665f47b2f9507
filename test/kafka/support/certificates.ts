import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Paths of PEM files: a certificate and its key. */
interface Signed {
  certificate: string
  key: string
  /** Both in one file, as Java wants them. */
  both: string
}

/** What a client shows, and the authority by which it knows brokers. */
export interface ClientTls extends Signed {
  ca: string
}

/** Makes an authority, and certificates signed by it for brokers of this machine and for a client, valid for a week. */
export function makeCertificates(folder: string): { client: ClientTls; broker: Signed } {
  const ca = join(folder, 'ca.pem')
  const key = join(folder, 'ca.key')
  openssl('req', '-x509', ...newKey(key, 'dtstream tests'), '-out', ca, '-days', '7')
  const authority = ['-CA', ca, '-CAkey', key, '-CAcreateserial']
  const broker = sign(folder, authority, 'broker', 'subjectAltName=IP:127.0.0.1,DNS:localhost')
  const client = sign(folder, authority, 'client', 'extendedKeyUsage=clientAuth')
  return { broker, client: { ca, ...client } }
}

function sign(folder: string, authority: string[], name: string, extension: string): Signed {
  const path = (ending: string): string => join(folder, `${name}${ending}`)
  const signed = { certificate: path('.pem'), key: path('.key'), both: path('-both.pem') }
  writeFileSync(path('.ext'), `${extension}\n`)
  openssl('req', ...newKey(signed.key, name), '-out', path('.csr'))
  const io = ['-in', path('.csr'), '-extfile', path('.ext'), '-out', signed.certificate]
  openssl('x509', '-req', ...authority, ...io, '-days', '7')
  const pem = [signed.key, signed.certificate].map((file) => readFileSync(file, 'utf8')).join('')
  writeFileSync(signed.both, pem, { mode: 0o600 })
  return signed
}

function newKey(path: string, name: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', path, '-subj', `/CN=${name}`]
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
