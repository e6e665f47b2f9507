import { malformedBefore } from '../core/rows/malformed-within.js'
import type { RowBuffer } from '../core/rows/row-buffer.js'
import { EXIT, ExpectedError } from '../errors.js'
import { RAW_TOPIC } from '../log/default-topics.js'
import { noSuchTopic } from '../log/topic-spec.js'
import { endsBefore } from './ends-before.js'
import { numberRows } from './formats/number-rows.js'
import type { SourceBlock, SourceContext, SourcePart, SourceSpec, SourceUri } from './source.js'
import { MergedRows } from './topic/merged-rows.js'

export const spec: SourceSpec = {
  scheme: 'topic',
  usage: 'topic:NAME',
  summary: 'the rows that a topic holds now, of all its partitions in the order of their orbits',
  options: {},
  async parts(uri, context) {
    return [await topicPart(uri, context)]
  },
}

async function topicPart({ text, path }: SourceUri, { log: openLog, run }: SourceContext): Promise<SourcePart> {
  if (path === '') throw new ExpectedError(`${text} names no topic`, [`topic:${RAW_TOPIC.name}`], EXIT.usage)
  const log = await openLog()
  const offsets = await log.offsets(path)
  if (!offsets) throw noSuchTopic(path)
  const extents = offsets.map(({ start, end }, partition) => ({ topic: path, partition, start, end }))
  return {
    name: text,
    // positions count records from here on: another beginning or end is another part
    id: `${text} in ${log.name} ${offsets.map(({ start, end }) => `${start}-${end}`).join(' ')}`,
    unit: 'row',
    size: undefined,
    read: (position, rows) => blocksFrom(new MergedRows(log, extents, run), position, rows, text),
  }
}

/** Blocks of rows, whose positions count records: rows, what could not be read, and ends of runs. */
async function* blocksFrom(
  merged: MergedRows,
  position: number,
  rows: RowBuffer,
  name: string,
): AsyncGenerator<SourceBlock, void, void> {
  let at = 0
  for await (const block of merged.read(rows)) {
    const records = block.kind === 'end' ? 1 : rows.length + rows.malformed.count
    const base = at
    at += records
    if (at <= position) continue
    if (block.kind === 'end') yield { rows: nothing(rows), text: undefined, base, next: at, endsRun: true }
    else {
      dropRecords(rows, Math.max(0, position - base))
      numberRows(rows)
      yield { rows, text: undefined, base: Math.max(base, position), next: at }
    }
  }
  if (at < position) throw endsBefore(name, at, 'row', position)
}

function nothing(rows: RowBuffer): RowBuffer {
  rows.length = 0
  rows.malformed.count = 0
  return rows
}

/** Takes the first records away, of which what could not be read stands before its row. */
function dropRecords(rows: RowBuffer, count: number): void {
  if (count === 0) return
  const { malformed, columns } = rows
  let rowsGone = 0
  while (rowsGone < rows.length && rowsGone + malformedBefore(rows, rowsGone + 1) < count) rowsGone++
  const malformedGone = count - rowsGone
  for (const column of Object.values(columns)) column.copyWithin(0, rowsGone, rows.length)
  malformed.row.copyWithin(0, malformedGone, malformed.count)
  rows.length -= rowsGone
  malformed.count -= malformedGone
  for (let i = 0; i < malformed.count; i++) malformed.row[i] -= Math.min(rowsGone, malformed.row[i])
}
