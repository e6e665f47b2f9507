import { EXIT, ExpectedError } from '../errors.js'
import { parseUri } from '../uri.js'

/** The name in `topic:NAME`; a bare name means the same where only a topic can be meant. */
export function topicOfUri(text: string): string {
  const { scheme, path } = parseUri(text)
  if (scheme === 'topic' && path) return path
  if (scheme === 'file' && /^[\w.-]+$/.test(text)) return text
  throw new ExpectedError(`${text} is not a topic`, ['write it as topic:NAME'], EXIT.usage)
}
