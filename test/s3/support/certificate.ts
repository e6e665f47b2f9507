import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Makes a certificate for this machine that is signed by itself alone, valid for a week: paths of PEM files. */
export function selfSigned(folder: string): { certificate: string; key: string } {
  const certificate = join(folder, 'server.pem')
  const key = join(folder, 'server.key')
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
  const names = ['-subj', '/CN=dtstream tests', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  execFileSync('openssl', ['req', '-x509', ...newKey, ...names, '-out', certificate, '-days', '7'], { stdio: 'pipe' })
  return { certificate, key }
}
