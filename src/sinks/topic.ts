import type { Result } from '../core/results/result.js'
import { EXIT, ExpectedError } from '../errors.js'
import { CLEAN_TOPIC, ensureTopic } from '../log/default-topics.js'
import type { Log } from '../log/log.js'
import { textBatch } from '../log/text-batch.js'
import { InOrder } from './in-order.js'
import type { Sink, SinkSpec, SinkTopic } from './sink.js'

export const spec: SinkSpec = {
  scheme: 'topic',
  usage: 'topic:NAME',
  summary: "a topic, one message a result; made with one partition if missing, and written in the lane's own commit",
  options: {},
  async open(uri, context) {
    if (uri.path === '')
      throw new ExpectedError(`${uri.text} names no topic`, [`topic:${CLEAN_TOPIC.name}`], EXIT.usage)
    const log = await context.log()
    const { name, maxMessageBytes } = await ensureTopic(log, uri.path, { ...CLEAN_TOPIC, name: uri.path })
    return topicSink(uri.text, log, { name, maxMessageBytes })
  },
}

function topicSink(name: string, log: Log, topic: SinkTopic): Sink {
  const order = new InOrder()
  return {
    name,
    durable: 'commit',
    topic,
    write: (result) => order.run(() => log.append(topic.name, [textBatch([resultValue(result, topic)])])),
    close: () => order.run(async () => {}),
    abort: () => order.settled(),
  }
}

/** Above this the list of orbits is left out of a message, even where the topic would take more. */
const LARGEST_VALUE_BYTES = 4 * 1024 ** 2
/** What a log adds to a value, and more. */
const OVERHEAD_BYTES = 1024

/** A result as the value of a message: JSON in UTF-8; without the list of active channels orbit by orbit where that is too long. */
export function resultValue(result: Result, { maxMessageBytes }: Pick<SinkTopic, 'maxMessageBytes'>): Uint8Array {
  const value = Buffer.from(JSON.stringify(result))
  const limit = Math.min(LARGEST_VALUE_BYTES, maxMessageBytes - OVERHEAD_BYTES)
  if (value.length <= limit || !result.active_tdc_chamber) return value
  const { active_tdc_chamber: _, ...bounded } = result
  return Buffer.from(JSON.stringify(bounded))
}
