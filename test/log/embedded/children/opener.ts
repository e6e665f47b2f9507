// Opens logs and makes a topic in each: node opener.ts FOLDER...
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import { say } from './talk.js'

async function makeTopic(folder: string): Promise<string> {
  const log = await openEmbeddedLog(folder)
  await log.createTopic({ name: 't', partitions: 2 })
  await log.close()
  return 'made'
}

for (const folder of process.argv.slice(2)) say(await makeTopic(folder).catch((error: Error) => error.message))
