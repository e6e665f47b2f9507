import { EXIT, ExpectedError } from '../errors.js'
import { parseUri } from '../uri.js'

/**
 * The one topic among what a command reads; undefined where that is files.
 * @param done what is done with it, as in `watched`
 * @throws ExpectedError (exit code 2) where there is more than a topic
 */
export function topicAmong(from: readonly string[], done: string, suggestion: string): string | undefined {
  const topics = from.filter((uri) => parseUri(uri).scheme === 'topic')
  if (topics.length > 0 && from.length > 1)
    throw new ExpectedError(`one topic, or files, can be ${done} at a time`, [suggestion], EXIT.usage)
  return topics.length === 0 ? undefined : topicOfUri(topics[0])
}

/** The name in `topic:NAME`; a bare name means the same where only a topic can be meant. */
export function topicOfUri(text: string): string {
  const { scheme, path } = parseUri(text)
  if (scheme === 'topic' && path) return path
  if (scheme === 'file' && /^[\w.-]+$/.test(text)) return text
  throw new ExpectedError(`${text} is not a topic`, ['write it as topic:NAME'], EXIT.usage)
}
