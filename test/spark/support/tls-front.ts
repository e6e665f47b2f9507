import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { selfSigned } from '../../s3/support/certificate.js'

/** Speaks TLS for a server that does not, as what stands before a cluster does. */
export interface TlsFront {
  port: number
  /** file of the certificate it shows, which is signed by itself */
  certificate: string
  stop(): void
}

/** @param folder for its certificate */
export async function startTlsFront(to: number, folder: string): Promise<TlsFront> {
  const { certificate, key } = selfSigned(folder)
  const sockets = new Set<TLSSocket>()
  const options = { cert: readFileSync(certificate), key: readFileSync(key), ALPNProtocols: ['h2'] }
  const server = createServer(options, (client) => {
    const behind = connect(to, '127.0.0.1')
    sockets.add(client)
    client.on('error', () => undefined).on('close', () => behind.destroy())
    behind.on('error', () => client.destroy())
    client.pipe(behind).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port: (server.address() as AddressInfo).port, certificate, stop }
}
