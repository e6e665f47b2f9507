import { isIP } from 'node:net'

/** Whether an address is this machine's alone. */
export function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
}

/**
 * Whether a request may be answered by a server that listens on loopback only. The browser of this machine also runs pages
 * from elsewhere; one of those could have its own name resolve to 127.0.0.1 and read what this server says as if it were
 * its own (DNS rebinding), but the name would stand in the Host header. Any port is right: a tunnel has another one.
 * @param known the name by which the server was told to listen
 */
export function isLoopbackHost(header: string | undefined, known: string): boolean {
  const name = (header ?? '').replace(/:\d+$/, '').toLowerCase()
  return name === 'localhost' || name === known.toLowerCase() || isLoopback(name.replace(/^\[(.*)\]$/, '$1'))
}
