// A worker thread of another child. It works on the lanes it is given, waits in readers, appends without end, or tries all.
import { parentPort, workerData } from 'node:worker_threads'
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import type { Lane } from '../../../../src/log/log.js'
import { laneState, outgoing } from '../../messages.js'

const { folder, leases = [], commits = 0, waitIn = [], close = true, appendTo, tryAll } = workerData
const log = await openEmbeddedLog(folder)
for (const partition of waitIn) void (await log.reader('t', partition, 0)).next(3_600_000)
for (const lease of leases) {
  const lane = await log.openLane(lease)
  for (let i = 1; i <= commits; i++) {
    const values = [Buffer.from(`${lease.partition}/${i}`)]
    await lane.commit(laneState(i, i, lease.partition), { topic: 'results', values })
  }
  await lane.close()
}
if (tryAll) await tryEverything()
parentPort?.postMessage('done')
for (let i = 0; appendTo; i++) await log.append('t', [outgoing(0, [`${appendTo}: ${i}`])])
if (close && waitIn.length === 0) await log.close()

/** Says the outcome of everything that writes. */
async function tryEverything(): Promise<void> {
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => parentPort?.postMessage('done'),
      ({ name, message }) => parentPort?.postMessage({ name, message }),
    )
  await outcome(log.createTopic({ name: 'new', partitions: 2 }))
  await outcome(log.createTopic({ name: 'new', partitions: 3 }))
  await outcome(log.append('new', [outgoing(1, ['a', 'b'])], { key: 'p', value: { n: 1 } }))
  await outcome(log.append('new', [outgoing(2, ['a'])], { key: 'p', value: { n: 2 } }))
  parentPort?.postMessage(await log.progress('p'))
  await outcome(log.append('new', [], { key: 'p', value: undefined }))
  parentPort?.postMessage((await log.progress('p')) === undefined)
  const lanes: Lane[] = []
  const onLane = (lane: Lane) => lanes.push(lane)
  const member = await log.joinGroup({
    group: 'g',
    topic: 'new',
    whole: false,
    member: 'thread',
    onLane,
    onWaiting: () => {},
  })
  const results = { topic: 'results', values: [Buffer.from('result')] }
  await outcome(lanes[0].commit(laneState(1), results))
  await outcome(lanes[0].commit(laneState(2), { ...results, topic: 'nowhere' }))
  await lanes[1].close()
  await member.leave()
  await outcome(lanes[0].commit(laneState(3)))
  await outcome(log.deleteTopic('new'))
  await outcome(log.deleteTopic('new'))
}
