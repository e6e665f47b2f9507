// Opens a log and makes a topic: node opener.ts FOLDER
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import { say } from './talk.js'

const log = await openEmbeddedLog(process.argv[2])
const made = log.createTopic({ name: 't', partitions: 2 }).then(
  () => 'made',
  (error: Error) => error.message,
)
say(await made)
await log.close()
