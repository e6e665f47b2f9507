import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import { ExpectedError } from '../errors.js'

/** Where a server listens. */
export interface ListenPlace {
  readonly host: string
  /** 0 for any that is free */
  readonly port: number
}

/** What a user is told where a place cannot be had. */
export interface ListenWords {
  /** `the page` */
  readonly what: string
  /** what to try where the port is in use */
  readonly inUse: readonly string[]
  /** what to try where the host is not this machine */
  readonly elsewhere: readonly string[]
}

/**
 * Has a server listen.
 * @returns the address, with the port that was found for 0
 * @throws ExpectedError where the place cannot be had
 */
export async function listen(server: Server, place: ListenPlace, words: ListenWords): Promise<AddressInfo> {
  server.listen({ host: place.host, port: place.port })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw cannotListen(place, words, error as NodeJS.ErrnoException)
  }
  return server.address() as AddressInfo
}

/** As it stands in a URL: `127.0.0.1:9464`, `[::1]:9464`. */
export function formatPlace({ host, port }: ListenPlace): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}

function cannotListen(place: ListenPlace, words: ListenWords, error: NodeJS.ErrnoException): ExpectedError {
  const cannot = `${words.what} cannot be served at ${formatPlace(place)}`
  switch (error.code) {
    case 'EADDRINUSE':
      return new ExpectedError(`${cannot}: the port is in use`, [...words.inUse])
    case 'EACCES':
      return new ExpectedError(`${cannot}: permission denied`, ['a port from 1024 on'])
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ExpectedError(`${cannot}: this machine does not have that address`, [...words.elsewhere])
    default:
      return new ExpectedError(`${cannot}: ${error.message}`, ['check host and port'])
  }
}
