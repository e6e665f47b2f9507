import { formatDaq, WORD_BYTES } from '../../../../src/core/rows/daq.js'
import { createRowBuffer } from '../../../../src/core/rows/row-buffer.js'
import { parseText } from '../../../../src/core/rows/text.js'
import { DEFAULT_RUN } from '../../../../src/core/run-file/run-file.js'
import type { Random } from '../../../support/stream.js'

/** As kafkajs sends it. */
export interface Message {
  partition: number
  value: Buffer | null
  headers?: Record<string, string>
}

const MOST_RECORDS = 30

/** Records as messages in all forms that SQL reads, at random: single rows, lines, raw words where they can hold the rows. */
export function mixedMessages(records: readonly string[], partition: number, random: Random): Message[] {
  const messages: Message[] = []
  for (let at = 0; at < records.length; ) {
    const some = records.slice(at, at + (random() < 0.5 ? 1 : 1 + Math.floor(random() * MOST_RECORDS)))
    at += some.length
    const words = random() < 0.4 ? rawWords(some) : undefined
    const mark = words ? 'd' : 't'
    const value = words ?? Buffer.from(some.join('\n') + (some.length > 1 && random() < 0.5 ? '\n' : ''), 'latin1')
    // other producers mark nothing; what then begins as Arrow does is refused, which is a test of its own
    const isMarked = words !== undefined || beginsAsArrow(value) || random() < 0.5
    messages.push({ partition, value, ...(isMarked ? { headers: { dt: mark } } : {}) })
  }
  return messages
}

function beginsAsArrow(value: Buffer): boolean {
  return value.length >= 4 && value.readUInt32LE() === 0xffffffff
}

export function endMarks(partitions: number): Message[] {
  return Array.from({ length: partitions }, (_, partition) => ({ partition, value: null, headers: { dt: 'e' } }))
}

/** Undefined where words cannot hold one of the rows. */
function rawWords(records: readonly string[]): Buffer | undefined {
  const text = Buffer.from(records.map((record) => `${record}\n`).join(''), 'latin1')
  const rows = createRowBuffer()
  parseText(text, 0, text.length, rows, true)
  const words = Buffer.alloc(records.length * WORD_BYTES)
  const view = new DataView(words.buffer, words.byteOffset, words.length)
  const fit = records.every((_, i) => formatDaq(rows.columns, i, DEFAULT_RUN.raw_word, view, i * WORD_BYTES))
  return rows.malformed.count === 0 && rows.length === records.length && fit ? words : undefined
}
