import { setMaxListeners } from 'node:events'
import net, { Socket } from 'node:net'
import tls from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import { CONNECT_LIMIT_MS } from './answer-limits.js'
import { BrokerPlace } from './broker-place.js'
import { GuardedSocket } from './guarded-socket.js'

/**
 * Makes sockets that end with an error when a broker owes an answer for too long: a connection that was cut without a word
 * would otherwise be waited on for ever, and nothing be tried elsewhere.
 * @param closing ends all of them, and whatever is made later. kafkajs forgets connections of brokers that it was told to forget, or
 * that it was still connecting to when it was disconnected, and a process could not end before the brokers cut them: that is 10 minutes.
 */
export function guardedSockets(closing: AbortSignal): ISocketFactory {
  // of each socket that lives there is a listener
  setMaxListeners(0, closing)
  const places = new Map<string, BrokerPlace>()
  const now = () => performance.now()
  return ({ host, port, ssl, onConnect }) => {
    const name = `${host}:${port}`
    const place = places.get(name) ?? new BrokerPlace(name, CONNECT_LIMIT_MS, now)
    places.set(name, place)
    if (closing.aborted || !place.admits()) return refused(name)
    const connected = () => {
      guarded.connected()
      onConnect()
    }
    const serverName = net.isIP(host) ? {} : { servername: host }
    const socket = ssl
      ? tls.connect({ host, port, ...serverName, ...ssl }, connected)
      : net.connect({ host, port }, connected)
    socket.setNoDelay(true)
    const guarded = new GuardedSocket(socket, place, now)
    const end = () => socket.destroy()
    closing.addEventListener('abort', end)
    socket.once('close', () => closing.removeEventListener('abort', end))
    return socket
  }
}

/** One that ends before it connects. */
function refused(name: string): Socket {
  const socket = new Socket()
  setImmediate(() => socket.destroy(new Error(`${name} does not answer`)))
  return socket
}
