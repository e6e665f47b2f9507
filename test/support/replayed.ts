import { parseMessages } from '../../src/core/rows/parse-messages.js'
import { orbitHash } from '../../src/core/rows/partition-of.js'
import { createRowBuffer, type RowBuffer } from '../../src/core/rows/row-buffer.js'
import { DEFAULT_RUN, type RawWord } from '../../src/core/run-file/run-file.js'
import { type Log, MESSAGE_KIND, type MessageBatch } from '../../src/log/log.js'
import { ratePacer } from '../../src/replay/pacer.js'
import { replay } from '../../src/replay/replay.js'
import type { ReplayOptions } from '../../src/replay/replay-options.js'
import { lastProgress, progressKey, type ReplayProgress } from '../../src/replay/replay-progress.js'
import { readParts } from '../../src/sources/read-parts.js'
import { openSources } from '../../src/sources/registry.js'
import { noLog } from './no-log.js'

export const TOPIC = 'data_raw'

/** The values of a row, joined by commas; or what else a partition holds. */
export type Entry = string | 'malformed' | 'end'

export interface ReplaySetup extends Partial<ReplayOptions> {
  uris: readonly string[]
  /** go on where the last call with these URIs stopped */
  resume?: boolean
  /** stop as soon as so many rows are sent */
  stopAt?: number
}

/** Replays as fast as can be, as the command does, into a topic that is there. */
export async function replayInto(log: Log, { uris, resume, stopAt, ...changes }: ReplaySetup): Promise<ReplayProgress> {
  const run = changes.run ?? DEFAULT_RUN
  const topic = await log.topic(TOPIC)
  if (!topic) throw new Error('the topic is to be made first')
  const parts = await openSources(uris, { run, log: async () => log })
  const key = progressKey(TOPIC, uris)
  const from = resume ? await lastProgress(log, topic, key, parts) : undefined
  const stop = new AbortController()
  return replay({
    ...{ log, topic: TOPIC, partitions: topic.partitions, parts, run, format: 'row', progressKey: key },
    ...{ pacer: ratePacer(Number.POSITIVE_INFINITY, 0), limit: Number.POSITIVE_INFINITY, loop: false },
    ...{ signal: stop.signal, now: () => performance.now(), ...(from ? { from } : {}) },
    ...changes,
    onProgress(progress) {
      changes.onProgress?.(progress)
      if (progress.rows >= (stopAt ?? Number.POSITIVE_INFINITY)) stop.abort()
    },
  })
}

/** All that the topic holds, partition by partition. */
export async function entriesIn(log: Log, raw: RawWord = DEFAULT_RUN.raw_word): Promise<Entry[][]> {
  const rows = createRowBuffer()
  return mapPartitions(log, async (batches) => {
    const entries: Entry[] = []
    const consumer = {
      rows: (block: RowBuffer) => entries.push(...entriesOf(block)),
      end: () => entries.push('end'),
    }
    for await (const batch of batches) parseMessages(batch, 0, batch.count, raw, rows, consumer)
    return entries
  })
}

/** Texts of all text messages that are no rows, in no particular order. */
export async function malformedTexts(log: Log): Promise<string[]> {
  const rows = createRowBuffer()
  const texts = await mapPartitions(log, async (batches) => {
    const found: string[] = []
    for await (const batch of batches) {
      for (let i = 0; i < batch.count; i++) {
        let bad = 0
        const consumer = { rows: (block: RowBuffer) => (bad += block.malformed.count), end: () => undefined }
        parseMessages(batch, i, i + 1, DEFAULT_RUN.raw_word, rows, consumer)
        const isText = batch.kind[i] === MESSAGE_KIND.text
        if (bad > 0 && isText)
          found.push(Buffer.from(batch.bytes.subarray(batch.start[i], batch.end[i])).toString('latin1'))
      }
    }
    return found
  })
  return texts.flat()
}

/** Calls `map` with the batches of each partition. */
export async function mapPartitions<T>(
  log: Log,
  map: (batches: AsyncIterable<MessageBatch>, partition: number) => Promise<T>,
): Promise<T[]> {
  const partitions = (await log.topic(TOPIC))?.partitions ?? 0
  return Promise.all(Array.from({ length: partitions }, (_, partition) => map(batchesOf(log, partition), partition)))
}

async function* batchesOf(log: Log, partition: number): AsyncGenerator<MessageBatch> {
  const reader = await log.reader(TOPIC, partition, 0)
  try {
    for (let batch = await reader.next(0); batch; batch = await reader.next(0)) yield batch
  } finally {
    await reader.close()
  }
}

/** What a source holds, in its order. */
export async function entriesOfSource(uris: readonly string[], run = DEFAULT_RUN): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const { rows } of readParts(await openSources(uris, { run, log: noLog }))) entries.push(...entriesOf(rows))
  return entries
}

/** Rows and malformed records in their order. */
function entriesOf({ columns: { head, fpga, channel, orbit, bx, tdc }, length, malformed }: RowBuffer): Entry[] {
  const entries: Entry[] = []
  for (let i = 0, bad = 0; i <= length; i++) {
    for (; bad < malformed.count && malformed.row[bad] === i; bad++) entries.push('malformed')
    if (i < length) entries.push(`${head[i]},${fpga[i]},${channel[i]},${orbit[i]},${bx[i]},${tdc[i]}`)
  }
  return entries
}

/** The rows of each partition, in order: of each orbit all in the one that its hash names. */
export function sharedOut(entries: readonly Entry[], partitions: number): Entry[][] {
  const out: Entry[][] = Array.from({ length: partitions }, () => [])
  for (const entry of rowsOf(entries)) out[orbitHash(Number(entry.split(',')[3])) % partitions].push(entry)
  return out
}

export function rowsOf(entries: readonly Entry[]): Entry[] {
  return entries.filter((entry) => entry !== 'malformed' && entry !== 'end')
}

export function count(entries: readonly Entry[], what: Entry): number {
  return entries.filter((entry) => entry === what).length
}
