// Appends and commits round after round until it is killed: node crash-writer.ts FOLDER
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import type { Lane } from '../../../../src/log/log.js'
import { laneState } from '../../messages.js'
import { roundBatches, roundResult } from '../rounds.js'
import { say } from './talk.js'

const log = await openEmbeddedLog(process.argv[2])
const lane = await new Promise<Lane>((resolve, reject) => {
  const options = {
    group: 'g',
    topic: 'data_raw',
    whole: false,
    member: `process ${process.pid}`,
    onLane,
    onWaiting: () => {},
  }
  function onLane(found: Lane) {
    if (found.partition === 0) resolve(found)
  }
  log.joinGroup(options).catch(reject)
})
let round = Number((await log.progress('source')) ?? 0)
let message = lane.state?.nextMessage ?? 0
for (;;) {
  round++
  await log.append('data_raw', roundBatches(round), { key: 'source', value: round })
  say(round)
  await lane.commit(laneState(round, message + 1), { topic: 'data_clean', values: [roundResult(message)] })
  message++
}
