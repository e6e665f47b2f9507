import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import type { Actor } from '../support/kafka-cli.js'
import { Stage } from '../support/stage.js'

const RATE = '4000/s'
const LONGEST_REST_MS = 3000

export const growth: Fault = {
  name: 'growth',
  what: '1, then 3, then 2 processes in one group, two workers each, while rows flow',
  times: { short: 1, long: 5 },
  run: ({ times, seed }) =>
    Stage.on({ name: 'growth', seed }, async (stage) => {
      const replay = stage.replay('--rate', RATE)
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
      await replay.interrupt()
      await stage.endRows()
      for (const one of processes) await one.interrupt()
      return stage.report({ rounds: times })
    }),
}
