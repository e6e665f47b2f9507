// Joins a group and does as it is told: node holder.ts FOLDER SILENCE_MS. 'commit' commits one more result on each lane.
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import type { Lane } from '../../../../src/log/log.js'
import { laneState } from '../../messages.js'
import { listen, say } from './talk.js'

const [folder, silenceMs] = process.argv.slice(2)
const log = await openEmbeddedLog(folder, { silenceMs: Number(silenceMs) })
const lanes: Lane[] = []
let count = 0
listen(async (line) => {
  if (line !== 'commit') return
  count++
  for (const lane of lanes) {
    const values = [Buffer.from(`${process.pid} ${lane.partition} ${count}`)]
    await lane.commit(laneState(count, count, lane.partition), { topic: 'results', values }).then(
      () => say({ committed: lane.partition }),
      (error: Error) => say({ refused: lane.partition, by: error.name }),
    )
  }
})
await log.joinGroup({
  ...{ group: 'g', topic: 't', whole: false, member: `process ${process.pid}` },
  onLane: (lane: Lane) => {
    lanes.push(lane)
    lane.lost.addEventListener('abort', () => say({ lost: lane.partition }))
  },
  onWaiting: (message) => say({ waiting: message }),
})
say({ joined: lanes.length })
