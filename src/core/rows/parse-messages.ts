import type { RawWord } from '../run-file/run-file.js'
import { openArrow } from './arrow.js'
import { parseDaq } from './daq.js'
import { MESSAGE_KIND, type MessageBatch } from './message-batch.js'
import { clearRows, type RowBuffer } from './row-buffer.js'
import { parseText } from './text.js'

/** Gets the rows of messages, in their order. */
export interface RowConsumer {
  /** a full or last block of rows; it is used again after the call */
  rows(rows: RowBuffer): void
  /** an end mark: every orbit so far is complete */
  end(): void
  /** message `index` ends here: with the rows in the block, beside those that were handed over before */
  message?(index: number, rows: RowBuffer): void
}

/** Hands the rows of messages [from, to) of a batch to `consumer`, whatever kinds they are of; `rows` is its work space. */
export function parseMessages(
  batch: MessageBatch,
  from: number,
  to: number,
  raw: RawWord,
  rows: RowBuffer,
  consumer: RowConsumer,
): void {
  const { bytes, start, end, kind } = batch
  clearRows(rows)
  const flush = () => {
    if (rows.length > 0 || rows.malformed.count > 0) consumer.rows(rows)
    clearRows(rows)
  }
  for (let i = from; i < to; i++) {
    const stop = end[i]
    switch (kind[i]) {
      case MESSAGE_KIND.end:
        flush()
        consumer.end()
        break
      case MESSAGE_KIND.arrow: {
        const arrowRows = openArrow(bytes, { start: start[i], end: stop })
        while (arrowRows.fill(rows)) flush()
        break
      }
      case MESSAGE_KIND.daq:
        for (let at = start[i]; at < stop; ) {
          at = parseDaq(bytes, at, stop, rows, true, raw)
          if (at < stop) flush()
        }
        break
      default:
        for (let at = start[i]; at < stop; ) {
          at = parseText(bytes, at, stop, rows, true)
          if (at < stop) flush()
        }
    }
    consumer.message?.(i, rows)
    if (rows.length === rows.capacity) flush()
  }
  flush()
}
