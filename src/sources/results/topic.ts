import type { Result } from '../../core/results/result.js'
import { EXIT, ExpectedError } from '../../errors.js'
import { CLEAN_TOPIC } from '../../log/default-topics.js'
import type { Log } from '../../log/log.js'
import { nextPromised } from '../../log/promised.js'
import { nearestName } from '../../nearest-name.js'
import { resultsIn } from './messages.js'
import type { ResultsContext, ResultsSource } from './results-source.js'

export const source: ResultsSource = {
  scheme: 'topic',
  usage: 'topic:NAME',
  summary: 'the messages that a topic holds now, partition by partition',
  options: {},
  async *read(uri, context) {
    const topic = uri.path
    if (topic === '') throw new ExpectedError(`${uri.text} names no topic`, [`topic:${CLEAN_TOPIC.name}`], EXIT.usage)
    const log = await context.log()
    const info = await log.topic(topic)
    if (!info) throw await noSuchTopic(log, topic)
    for (const [partition, { start, end }] of info.offsets.entries()) {
      yield* readPartition(log, { topic, partition, start, end }, context)
    }
  },
}

interface Stretch {
  topic: string
  partition: number
  /** first offset, and the one after the last */
  start: number
  end: number
}

async function* readPartition(log: Log, stretch: Stretch, { onForeign }: ResultsContext): AsyncGenerator<Result> {
  const { topic, partition, start, end } = stretch
  if (start >= end) return
  const reader = await log.reader(topic, partition, start)
  try {
    for (let next = start; next < end; ) {
      const batch = await nextPromised(reader, { topic, partition, offset: next })
      yield* resultsIn(batch, end, onForeign)
      next = batch.nextOffset
    }
  } finally {
    await reader.close()
  }
}

async function noSuchTopic(log: Log, topic: string): Promise<ExpectedError> {
  const names = (await log.topics()).map(({ name }) => name)
  const nearest = nearestName(topic, names)
  return new ExpectedError(`there is no topic ${topic} in ${log.name}`, [
    ...(nearest ? [`topic:${nearest}`] : []),
    'dtstream topics list shows those there are',
  ])
}
