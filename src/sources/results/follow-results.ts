import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../../core/results/result.js'
import type { Log, MessageBatch, PartitionReader, TopicInfo } from '../../log/log.js'
import type { Foreign } from './foreign.js'
import { resultsIn } from './messages.js'

export interface FollowOptions {
  /** what the topic holds already, or only what comes from now on */
  from: 'beginning' | 'end'
  /** ends the iteration, within `LONGEST_WAIT_MS` */
  signal: AbortSignal
  /** told of whatever is no result; it is passed over */
  onForeign(foreign: Foreign): void
}

/** How long one look at a partition, or for a topic that is not there yet, takes at most. */
const LONGEST_WAIT_MS = 250

/**
 * The results of a topic as they come, from all its partitions at once, each in its order, until the signal aborts. A topic that does
 * not exist yet is waited for, and then read from its beginning.
 * @throws ExpectedError where messages went by their age or size before they were read
 */
export async function* followResults(log: Log, topic: string, options: FollowOptions): AsyncGenerator<Result> {
  const { signal, onForeign } = options
  const found = await log.topic(topic)
  const info = found ?? (await appearance(log, topic, signal))
  if (!info) return
  const fromEnd = options.from === 'end' && found !== undefined
  const starts = info.offsets.map(({ start, end }) => (fromEnd ? end : start))
  const readers = await Promise.all(starts.map((start, partition) => log.reader(topic, partition, start)))
  // the look that is under way at each partition
  const looks = readers.map(look)
  try {
    while (!signal.aborted) {
      const { partition, batch } = await Promise.race(looks)
      for (const result of batch ? resultsIn(batch, Number.POSITIVE_INFINITY, onForeign) : []) {
        if (signal.aborted) return
        yield result
      }
      looks[partition] = look(readers[partition], partition)
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.close()))
    await Promise.allSettled(looks)
  }
}

interface Look {
  partition: number
  batch: MessageBatch | undefined
}

async function look(reader: PartitionReader, partition: number): Promise<Look> {
  return { partition, batch: await reader.next(LONGEST_WAIT_MS) }
}

async function appearance(log: Log, topic: string, signal: AbortSignal): Promise<TopicInfo | undefined> {
  while (!signal.aborted) {
    await sleep(LONGEST_WAIT_MS, undefined, { signal }).catch(() => {})
    const info = await log.topic(topic)
    if (info) return info
  }
  return undefined
}
