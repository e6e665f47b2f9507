// Reads a partition to its end and goes on: node follower.ts FOLDER TOPIC PARTITION. Says when each batch came.
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import { say } from './talk.js'

const [folder, topic, partition] = process.argv.slice(2)
const log = await openEmbeddedLog(folder)
const reader = await log.reader(topic, Number(partition), 0)
say('ready')
for (;;) {
  const batch = await reader.next(60_000)
  if (batch) say({ nextOffset: batch.nextOffset, atNs: String(process.hrtime.bigint()) })
}
