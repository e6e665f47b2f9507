import { EXIT, ExpectedError } from '../errors.js'
import { RAW_TOPIC } from '../log/default-topics.js'
import { noSuchTopic } from '../log/topic-spec.js'
import { mergedBlocks } from './merge/merged-blocks.js'
import type { SourceContext, SourcePart, SourceSpec, SourceUri } from './source.js'
import { queuedPartitions } from './topic/queued-partition.js'

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
    read: (position, rows) => mergedBlocks(queuedPartitions(log, extents, run), run, position, rows, text),
  }
}
