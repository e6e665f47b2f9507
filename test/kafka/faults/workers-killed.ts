import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { Stage } from '../support/stage.js'
import { flowFor } from './flow.js'

const ROWS = 100_000
/** Longer than the group needs to give a dead worker's lanes away, so that some kills come while it does. */
const LONGEST_LIFE_MS = 9000

export const workersKilled: Fault = {
  name: 'workers-killed',
  what: 'one of two processes killed (-9) at random, and another started, while rows flow',
  times: { short: 5, long: 20 },
  run: ({ times, seed }) =>
    Stage.on({ name: 'workers-killed', seed, rows: ROWS }, async (stage) => {
      const lives = Array.from({ length: times }, () => 500 + stage.random() * LONGEST_LIFE_MS)
      const replay = stage.replay('--rate', flowFor(ROWS, lives))
      const processes = [stage.process(), stage.process()]
      for (const life of lives) {
        await sleep(life)
        const victim = stage.random() < 0.5 ? 0 : 1
        await processes[victim].kill()
        processes[victim] = stage.process()
      }
      await replay.succeed()
      await stage.untilCovered()
      for (const one of processes) await one.interrupt()
      return stage.report({ kills: times })
    }),
}
