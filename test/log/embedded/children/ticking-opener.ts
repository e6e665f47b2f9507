// Opens a log, and says in between that it is not frozen: node ticking-opener.ts FOLDER
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import { say } from './talk.js'

const timer = setInterval(() => say('tick'), 20)
const log = await openEmbeddedLog(process.argv[2])
clearInterval(timer)
say('opened')
await log.close()
