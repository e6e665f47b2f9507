import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import type { Actor } from '../support/kafka-cli.js'
import { Stage } from '../support/stage.js'

/** Of one round: more than flow while it lasts. */
const ROWS = 200_000
const RATE = 4000
const LONGEST_REST_MS = 3000

export const growth: Fault = {
  name: 'growth',
  what: '1, then 3, then 2 processes in one group, two workers each, while rows flow',
  times: { short: 1, long: 5 },
  run: ({ times, seed }) => {
    const rows = ROWS * times
    return Stage.on({ name: 'growth', seed, rows }, async (stage) => {
      const replay = stage.replay('--rate', `${RATE}/s`)
      let processes: Actor[] = []
      for (let round = 0; round < times; round++) {
        for (const size of [1, 3, 2]) {
          await sleep(stage.random() * LONGEST_REST_MS)
          const leaving = processes.splice(size)
          await Promise.all(leaving.map((one) => one.interrupt()))
          while (processes.length < size) processes = [...processes, stage.process()]
          await stage.untilShared(size)
        }
      }
      // what is left need not be paced
      if (replay.isRunning) await replay.interrupt()
      await stage.replay('--rate', 'max', '--resume').succeed()
      await stage.untilCovered()
      for (const one of processes) await one.interrupt()
      return stage.report({ rounds: times })
    })
  },
}
