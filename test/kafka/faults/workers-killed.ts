import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { Stage } from '../support/stage.js'

const RATE = '3000/s'
/** Longer than the group needs to give a dead worker's lanes away, so that some kills come while it does. */
const LONGEST_LIFE_MS = 9000

export const workersKilled: Fault = {
  name: 'workers-killed',
  what: 'one of two processes killed (-9) at random, and another started, while rows flow',
  times: { short: 5, long: 20 },
  run: ({ times, seed }) =>
    Stage.on({ name: 'workers-killed', seed }, async (stage) => {
      const replay = stage.replay('--rate', RATE)
      const processes = [stage.process(), stage.process()]
      for (let kill = 0; kill < times; kill++) {
        await sleep(500 + stage.random() * LONGEST_LIFE_MS)
        const victim = stage.random() < 0.5 ? 0 : 1
        await processes[victim].kill()
        processes[victim] = stage.process()
      }
      await replay.interrupt()
      await stage.endRows()
      for (const one of processes) await one.interrupt()
      return stage.report({ kills: times })
    }),
}
