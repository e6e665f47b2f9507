// A worker thread of another child. It works on the lanes it is given, or waits in readers.
import { parentPort, workerData } from 'node:worker_threads'
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import { laneState } from '../../messages.js'

const { folder, leases = [], commits = 0, waitIn = [], close = true } = workerData
const log = await openEmbeddedLog(folder)
for (const partition of waitIn) void (await log.reader('t', partition, 0)).next(3_600_000)
for (const lease of leases) {
  const lane = await log.adoptLane(lease)
  for (let i = 1; i <= commits; i++) {
    const values = [Buffer.from(`${lease.partition}/${i}`)]
    await lane.commit(laneState(i, i), { topic: 'results', values })
  }
  await lane.release()
}
parentPort?.postMessage('done')
if (close && waitIn.length === 0) await log.close()
