// Ends threads that write, at any moment, and writes itself: node terminates.ts FOLDER ROUNDS terminate|exit
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedLog } from '../../../../src/log/embedded/index.js'
import { outgoing } from '../../messages.js'
import { startThread } from './start-thread.js'
import { say } from './talk.js'

const [folder, rounds, ending] = process.argv.slice(2)
const log = await openEmbeddedLog(folder)
for (let round = 0; round < Number(rounds); round++) {
  const threads = Array.from({ length: 4 }, (_, i) => startThread({ folder, appendTo: `thread ${round}/${i}` }))
  await Promise.all(threads.map((thread) => once(thread, 'message')))
  for (const thread of threads) {
    await sleep(Math.random() * 10)
    if (ending === 'exit') process.exit(0)
    const ended = thread.terminate()
    await log.append('t', [outgoing(0, ['main'])])
    await ended
  }
}
await log.close()
say('closed')
