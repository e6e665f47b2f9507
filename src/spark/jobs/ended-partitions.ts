import type { Log } from '../../log/log.js'
import { MESSAGE_KIND, offsetOf } from '../../log/log.js'
import { nextPromised } from '../../log/promised.js'

/** Offsets that a transaction's markers may take behind an end mark. */
const OFFSETS_TO_LOOK_AT = 10

/**
 * The partitions in which the last message that a job has read is an end mark.
 * @param since offsets at which the job began, by partition: marks before them are of another run
 * @param until offsets up to which it has read
 * @throws ExpectedError where the log does not answer: a mark that is overlooked holds the windows back for ever
 */
export async function endedPartitions(
  log: Log,
  topic: string,
  { since, until }: { since: readonly number[]; until: ReadonlyMap<number, number> },
): Promise<Set<number>> {
  const starts = (await log.offsets(topic))?.map(({ start }) => start) ?? []
  const ended = new Set<number>()
  for (const [partition, end] of until) {
    const from = Math.max(starts[partition] ?? end, since[partition], end - OFFSETS_TO_LOOK_AT)
    if ((await lastKind(log, { topic, partition, from, end })) === MESSAGE_KIND.end) ended.add(partition)
  }
  return ended
}

/** MESSAGE_KIND of the last message of a stretch; undefined where there is none. */
async function lastKind(
  log: Log,
  { topic, partition, from, end }: { topic: string; partition: number; from: number; end: number },
): Promise<number | undefined> {
  let kind: number | undefined
  const reader = await log.reader(topic, partition, from)
  try {
    for (let next = from; next < end; ) {
      const batch = await nextPromised(reader, { topic, partition, offset: next })
      for (let i = 0; i < batch.count && offsetOf(batch, i) < end; i++) kind = batch.kind[i]
      next = batch.nextOffset
    }
  } finally {
    await reader.close()
  }
  return kind
}
