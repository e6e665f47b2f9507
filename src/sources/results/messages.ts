import { parseResult } from '../../core/results/parse-result.js'
import type { Result } from '../../core/results/result.js'
import { MESSAGE_KIND, type MessageBatch, offsetOf } from '../../log/log.js'
import { excerpt, type Foreign } from './foreign.js'

/** The results among the messages of a batch, up to an offset (excluded); end marks are nothing to tell of. */
export function* resultsIn(batch: MessageBatch, end: number, onForeign: (foreign: Foreign) => void): Generator<Result> {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
  for (let i = 0; i < batch.count && offsetOf(batch, i) < end; i++) {
    if (batch.kind[i] === MESSAGE_KIND.end) continue
    const isText = batch.kind[i] === MESSAGE_KIND.text
    const text = isText ? bytes.toString('utf8', batch.start[i], batch.end[i]) : ''
    const result = isText ? parseResult(text) : 'it is not text'
    if (typeof result !== 'string') yield result
    else
      onForeign({
        where: `${batch.topic}/${batch.partition} @ ${offsetOf(batch, i)}`,
        reason: result,
        text: excerpt(text),
      })
  }
}
