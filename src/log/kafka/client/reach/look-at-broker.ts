import type { ConnectionOptions } from 'node:tls'
import { Cursor } from '../cursor.js'
import { type Address, CLOSED, Dialog, DialogError } from './dialog.js'
import { explained } from './explain.js'
import * as words from './words.js'

/** How a broker is to be spoken to. */
export interface Manner {
  /** undefined where TLS is not wanted */
  ssl: ConnectionOptions | undefined
  /** undefined where no user is wanted */
  mechanism: string | undefined
}

const PATIENCE_MS = 3000

const METADATA = { key: 3, version: 4 }
const SASL_HANDSHAKE = { key: 17, version: 1 }
export const API_VERSIONS = { key: 18, version: 0 }

const UNSUPPORTED_MECHANISM = 33
const ILLEGAL_SASL_STATE = 34
/** No topics; and none is to be made. */
const OF_NO_TOPICS = Buffer.from([0, 0, 0, 0, 0])

/**
 * Asks what listens there the first things that every client asks, because kafkajs tells but few of its failures apart.
 * @throws ExpectedError for what no waiting mends, an Error with the reason for what may pass
 */
export async function lookAtBroker(address: Address, manner: Manner): Promise<void> {
  let dialog: Dialog | undefined
  try {
    dialog = await Dialog.open(address, manner.ssl, PATIENCE_MS)
    const answer = await dialog.ask(API_VERSIONS.key, API_VERSIONS.version)
    if (!offersMetadata(answer)) throw words.controller(address)
    if (manner.mechanism === undefined) await askWithoutUser(dialog, address)
    else await askForUsers(dialog, address, manner.mechanism)
  } catch (error) {
    throw error instanceof DialogError ? await explained(error, address, manner) : error
  } finally {
    dialog?.close()
  }
}

/** Controllers speak the same protocol, but know nothing of topics. */
function offersMetadata(answer: Buffer): boolean {
  const cursor = new Cursor(answer)
  cursor.int16() // error
  const keys = cursor.array(() => {
    const key = cursor.int16()
    cursor.int32() // versions
    return key
  })
  return keys.includes(METADATA.key)
}

/** A broker that wants a user closes the connection to who is none. */
async function askWithoutUser(dialog: Dialog, address: Address): Promise<void> {
  try {
    await dialog.ask(METADATA.key, METADATA.version, OF_NO_TOPICS)
  } catch (error) {
    if (error instanceof DialogError && error.code === CLOSED) throw words.wantsUser(address)
    throw error
  }
}

async function askForUsers(dialog: Dialog, address: Address, mechanism: string): Promise<void> {
  const name = Buffer.from(mechanism)
  const length = Buffer.alloc(2)
  length.writeInt16BE(name.length)
  const cursor = new Cursor(await dialog.ask(SASL_HANDSHAKE.key, SASL_HANDSHAKE.version, Buffer.concat([length, name])))
  const error = cursor.int16()
  if (error === ILLEGAL_SASL_STATE) throw words.wantsNoUser(address)
  if (error === UNSUPPORTED_MECHANISM)
    throw words.otherMechanism(
      address,
      mechanism,
      cursor.array(() => cursor.string()),
    )
}
