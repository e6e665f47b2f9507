// What a worker thread gets when it writes, with the main thread's log open or not: node thread-writes.ts FOLDER with|without
import { once } from 'node:events'
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import { startThread } from './start-thread.js'
import { say } from './talk.js'

const [folder, main] = process.argv.slice(2)
const log = main === 'with' ? await openEmbeddedLog(folder) : undefined
const thread = startThread({ folder, tryAll: true })
thread.on('message', say)
await once(thread, 'exit')
await log?.close()
