import { type MessageBatch, offsetOf } from '../core/rows/message-batch.js'
import type { MalformedExtents } from '../core/rows/row-buffer.js'
import { ExpectedError } from '../errors.js'

/** Records that could not be read are shown, the first few of a run. */
export const MOST_SAMPLES = 5
const LONGEST_TEXT = 80

/** Where a record is that could not be read, and how it begins. */
export interface MalformedSample {
  /** `data_raw/3 offset 1204`, `data_000000.txt byte 88123` */
  where: string
  text: string
}

/** The first malformed records of a block: one more than are shown, which tells that there are more. `whereOf` names a place. */
export function samplesOf(
  malformed: MalformedExtents,
  bytes: Uint8Array | undefined,
  whereOf: (start: number) => string,
): MalformedSample[] {
  return Array.from({ length: Math.min(MOST_SAMPLES + 1, malformed.count) }, (_, k) => ({
    where: whereOf(malformed.start[k]),
    text: bytes ? shown(bytes.subarray(malformed.start[k], malformed.end[k])) : '',
  }))
}

/**
 * Tells of the first records of a block of messages that could not be read.
 * @throws ExpectedError for the first of them, with `strict`
 */
export function tellMalformed(
  malformed: MalformedExtents,
  batch: MessageBatch,
  { strict, onMalformed }: { strict: boolean; onMalformed(samples: MalformedSample[]): void },
): void {
  const samples = samplesOf(malformed, batch.bytes, (start) => {
    const index = batch.start.findLastIndex((from) => from <= start)
    return `${batch.topic}/${batch.partition} offset ${offsetOf(batch, index)}`
  })
  if (strict) throw new ExpectedError(sampleInWords(samples[0]), ['without --strict it is counted and passed over'])
  onMalformed(samples)
}

export function sampleInWords({ where, text }: MalformedSample): string {
  return `cannot be read as a record: ${where}${text ? `: ${text}` : ''}`
}

/** At most 80 characters, control characters and bytes above ASCII as dots. */
function shown(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, LONGEST_TEXT + 1))
    .toString('latin1')
    .replace(/[^ -~]/g, '.')
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text
}
