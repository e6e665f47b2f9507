// Joins a group and lets worker threads do the work: node threads.ts FOLDER THREADS COMMITS close|leave-open
import { once } from 'node:events'
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import type { LaneLease } from '../../../../src/log/log.js'
import { startThread } from './start-thread.js'
import { say } from './talk.js'

const [folder, threads, commits, ending] = process.argv.slice(2)
const log = await openEmbeddedLog(folder)
const leases: LaneLease[] = []
await log.joinGroup({
  ...{ group: 'g', topic: 't', whole: false, member: `process ${process.pid}`, onWaiting: say },
  onLane: (lane) => leases.push(lane.lease),
})
const close = ending === 'close'
const workers = Array.from({ length: Number(threads) }, (_, i) => {
  const mine = leases.filter(({ partition }) => partition % Number(threads) === i)
  return startThread({ folder, leases: mine, commits: Number(commits), close })
})
await Promise.all(workers.map((worker) => once(worker, 'exit')))
say(leases.length)
if (close) await log.close()
