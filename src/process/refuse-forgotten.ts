import { groupOf } from '../core/results/worker-name.js'
import { ExpectedError } from '../errors.js'
import type { Log } from '../log/log.js'
import { nextPromised } from '../log/promised.js'
import { resultsIn } from '../sources/results/messages.js'

/** A group that has sent results is among those that sent the last ones, unless others sent more than so many since. */
const MESSAGES_LOOKED_AT = 1000
const PARTITION = 0

/**
 * A group of which nothing is known begins anew, and would count every row again. That must not happen where its results are
 * there: offsets may have expired, or the topic of the rows was made anew.
 * @throws ExpectedError where `clean` ends with results of the group on `raw`, of which it has committed nothing
 */
export async function refuseForgotten(log: Log, raw: string, group: string, clean: string): Promise<void> {
  // in this order: results that another member sends meanwhile are not looked at
  const extent = (await log.offsets(clean))?.[PARTITION]
  if (!extent || extent.start === extent.end) return
  if ((await log.groups(raw)).some((one) => one.group === group)) return
  const from = Math.max(extent.start, extent.end - MESSAGES_LOOKED_AT)
  if (await hasResults(log, { raw, group, clean, from, end: extent.end }))
    throw new ExpectedError(
      `${clean} holds results of group ${group} on ${raw}, but what the group had committed is gone: its offsets have expired, or ${raw} was made anew`,
      ['begin anew with a group of another name: --group', `or delete the results: dtstream topics delete ${clean}`],
    )
}

interface Tail {
  raw: string
  group: string
  clean: string
  from: number
  end: number
}

async function hasResults(log: Log, { raw, group, clean, from, end }: Tail): Promise<boolean> {
  const reader = await log.reader(clean, PARTITION, from)
  try {
    for (let next = from; next < end; ) {
      const batch = await nextPromised(reader, { topic: clean, partition: PARTITION, offset: next })
      for (const result of resultsIn(batch, end, () => {}))
        if (groupOf(result) === group && result.source.some((range) => 'topic' in range && range.topic === raw))
          return true
      next = batch.nextOffset
    }
    return false
  } finally {
    await reader.close()
  }
}
