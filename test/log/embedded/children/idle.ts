// Waits in 10 readers of the main thread and 10 more in each of 4 worker threads: node idle.ts FOLDER MS
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import { startThread } from './start-thread.js'
import { say } from './talk.js'

const [folder, ms] = process.argv.slice(2)
const waitIn = Array.from({ length: 10 }, (_, i) => i)
const log = await openEmbeddedLog(folder)
await log.joinGroup({ group: 'g', topic: 't', whole: false, member: 'idle', onLane: () => {}, onWaiting: () => {} })
for (const partition of waitIn) void (await log.reader('t', partition, 0)).next(3_600_000)
const threads = Array.from({ length: 4 }, () => startThread({ folder, waitIn }))
await Promise.all(threads.map((thread) => once(thread, 'message')))
await sleep(500)
const before = process.cpuUsage()
const since = performance.now()
await sleep(Number(ms))
const { user, system } = process.cpuUsage(before)
say((user + system) / 1000 / (performance.now() - since))
process.exit(0)
