import { EXIT, ExpectedError } from '../errors.js'
import type { ListenPlace } from '../http/listen.js'

const LOOPBACK = '127.0.0.1'
const FORM = /^(?:(?:\[([\da-fA-F:.]+)\]|([^\s:/[\]]+)):)?(\d{1,5})$/
const LARGEST_PORT = 65_535

/**
 * Reads `9464`, `0.0.0.0:9464`, `[::1]:9464`; without a host it is loopback.
 * @throws ExpectedError (exit code 2) where the text is none of these
 */
export function parsePlace(text: string): ListenPlace {
  const [, address, name, digits] = FORM.exec(text.trim()) ?? []
  const port = Number(digits)
  if (port <= LARGEST_PORT) return { host: address ?? name ?? LOOPBACK, port }
  throw new ExpectedError(
    `'${text}' is no port to serve metrics at`,
    ['9464 for this machine alone', '0.0.0.0:9464 for others too'],
    EXIT.usage,
  )
}
