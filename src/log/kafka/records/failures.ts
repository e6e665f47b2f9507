import { ExpectedError } from '../../../errors.js'

/** Bytes that can't be records; the message says in a few words why. Who knows the place makes it `damagedBatch`. */
export class BadRecords extends Error {}

/** The record batch that a failure speaks of. */
export interface BatchPlace {
  readonly topic: string
  readonly partition: number
  /** first offset of the record batch */
  readonly offset: number
}

/** `what` says in a few words what is wrong. */
export function damagedBatch({ topic, partition, offset }: BatchPlace, what: string): ExpectedError {
  return new ExpectedError(`the record batch at offset ${offset} of ${topic}/${partition} is damaged: ${what}`, [
    'try again: where only the transfer was disturbed, the next read succeeds',
    "see whether it lies damaged on the broker's disk: kafka-dump-log.sh --deep-iteration --files SEGMENT.log",
    'if so, let the broker take that partition anew from another replica, or begin behind this offset with another group',
  ])
}

export function oldFormat({ topic, partition, offset }: BatchPlace, magic: number): ExpectedError {
  return new ExpectedError(
    `the messages from offset ${offset} of ${topic}/${partition} are in a format that can't be read (magic ${magic}, not 2)`,
    [
      'formats 0 and 1 are those of producers older than Kafka 0.11: copy the topic into a new one with a current client, such as kcat',
      'or begin behind these messages with another group',
    ],
  )
}

export function unknownCodec({ topic, partition, offset }: BatchPlace, codec: number): ExpectedError {
  return new ExpectedError(
    `the record batch at offset ${offset} of ${topic}/${partition} is compressed in an unknown way (codec ${codec})`,
    ['gzip, snappy, lz4 and zstd are read: have the producer, or the topic by compression.type, use one of these'],
  )
}

export function missingCodec({ topic, partition, offset }: BatchPlace, codec: string): ExpectedError {
  return new ExpectedError(
    `the record batch at offset ${offset} of ${topic}/${partition} needs ${codec}, which isn't installed for this platform`,
    [
      'install again without leaving out optional packages: npm install --include=optional',
      'or have the producer compress by gzip or zstd',
    ],
  )
}

/** `limit` is in bytes. */
export function tooLarge({ topic, partition, offset }: BatchPlace, limit: number): ExpectedError {
  return new ExpectedError(
    `the record batch at offset ${offset} of ${topic}/${partition} decompresses to more than ${limit / 1024 ** 2} MiB`,
    [
      'have the producer send smaller batches (batch.size, max.request.size)',
      'or begin behind this offset with another group',
    ],
  )
}
