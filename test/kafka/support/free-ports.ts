import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Ports of the loopback that nobody listens on. They lie below those that a system gives to outgoing connections: there a
 * client that calls a dead broker again and again could be given the very port it calls, and the broker could not return.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(12_000, 32_000)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
