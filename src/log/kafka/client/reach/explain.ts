import { type Address, CLOSED, Dialog, DialogError, FOREIGN, NO_ANSWER, NO_CONNECTION } from './dialog.js'
import { API_VERSIONS, type Manner } from './look-at-broker.js'
import * as words from './words.js'

/** The port is there, so answers to these come soon or never. */
const PATIENCE_MS = 1000

/** What a conversation failed by, as a user should be told: an ExpectedError where no waiting mends it. */
export async function explained(error: DialogError, address: Address, { ssl }: Manner): Promise<Error> {
  const { code, message } = error
  const known = words.byCode(code, message, address)
  if (known) return known
  if (isHttp(error.bytes)) return words.http(address)
  if (code === NO_CONNECTION && !ssl) return words.silent(address)
  // it is there, but does not understand: perhaps it is spoken to in the wrong manner
  if (!ssl && (await answers(address, true))) return words.speaksTls(address)
  if (ssl && (await answers(address, false))) return words.speaksNoTls(address)
  if (await answersHttp(address)) return words.http(address)
  if (code === FOREIGN) return words.foreign(address)
  if (code === NO_ANSWER || code === NO_CONNECTION) return words.silent(address)
  if (ssl && code !== CLOSED && code !== 'ECONNRESET') return words.tlsRefused(address, message)
  return words.closed(address)
}

/** Whether what listens there is a broker for who speaks to it with TLS, or without. */
async function answers(address: Address, withTls: boolean): Promise<boolean> {
  const any = { rejectUnauthorized: false, checkServerIdentity: () => undefined }
  return tried(address, withTls ? any : undefined, async (dialog) => {
    // a server may want certificates; that it speaks TLS is all that counts
    if (!withTls) await dialog.ask(API_VERSIONS.key, API_VERSIONS.version)
    return true
  })
}

/** Some wait for the end of a line. */
function answersHttp(address: Address): Promise<boolean> {
  return tried(address, undefined, async (dialog) => isHttp(await dialog.say('GET / HTTP/1.0\r\n\r\n')))
}

function isHttp(bytes: Buffer): boolean {
  return bytes.subarray(0, 5).equals(Buffer.from('HTTP/'))
}

async function tried(
  address: Address,
  ssl: Parameters<typeof Dialog.open>[1],
  work: (dialog: Dialog) => Promise<boolean>,
): Promise<boolean> {
  let dialog: Dialog | undefined
  try {
    dialog = await Dialog.open(address, ssl, PATIENCE_MS)
    return await work(dialog)
  } catch (error) {
    if (error instanceof DialogError) return false
    throw error
  } finally {
    dialog?.close()
  }
}
