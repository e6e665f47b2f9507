// Appends numbered messages, opening the log anew for each so many: node appender.ts FOLDER TOPIC NAME COUNT PER_OPENING
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import { outgoing } from '../../messages.js'
import { say } from './talk.js'

const [folder, topic, name, count, perOpening] = process.argv.slice(2)
say('ready')
let log = await openEmbeddedLog(folder)
for (let i = 0; i < Number(count); i++) {
  if (i > 0 && i % Number(perOpening) === 0) {
    await log.close()
    log = await openEmbeddedLog(folder)
  }
  await log.append(topic, [outgoing(0, [`${name} ${i}`])], { key: name, value: i })
}
await log.close()
say('done')
