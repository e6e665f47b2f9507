import { parseResult } from '../../core/results/parse-result.js'
import type { Result } from '../../core/results/result.js'
import { ExpectedError } from '../../errors.js'
import { type ByteFeed, piecesOf } from '../formats/byte-feed.js'
import type { Stored } from '../stored.js'
import { excerpt, type Foreign } from './foreign.js'

const CHUNK_BYTES = 1 << 20
/** A longer line is no result, and shall not fill the memory. */
const MOST_LINE_BYTES = 256 * CHUNK_BYTES

/** The results of a file with one on each line; empty lines are passed over without a word. */
export async function* readNdjson(stored: Stored, onForeign: (foreign: Foreign) => void): AsyncGenerator<Result> {
  const feed = await stored.open(0)
  let number = 0
  try {
    for await (const line of linesOf(stored.name, feed)) {
      number++
      // takes a carriage return and a byte order mark along
      const text = line.trim()
      if (text === '') continue
      const result = parseResult(text)
      if (typeof result !== 'string') yield result
      else onForeign({ where: `${stored.name}, line ${number}`, reason: result, text: excerpt(text) })
    }
  } finally {
    await feed.close()
  }
}

/** Lines end at a newline alone: JSON may hold other characters that count as line ends elsewhere (U+2028). */
async function* linesOf(name: string, feed: ByteFeed): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of piecesOf(feed, CHUNK_BYTES)) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]).toString()
      parts = []
      length = 0
      start = end + 1
    }
    parts.push(chunk.subarray(start))
    length += chunk.length - start
    if (length > MOST_LINE_BYTES)
      throw new ExpectedError(`${name} has a line of more than ${MOST_LINE_BYTES / CHUNK_BYTES} MiB`, [
        'a file of results has one on each line: check that it is one',
      ])
  }
  if (length > 0) yield Buffer.concat(parts).toString()
}
