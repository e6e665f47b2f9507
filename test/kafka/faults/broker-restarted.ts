import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { Stage } from '../support/stage.js'
import { flowFor } from './flow.js'

const ROWS = 100_000
const LONGEST_LIFE_MS = 8000
/** Of a broker's way down and up, about. */
const RESTART_MS = 5000
const BROKER = 1

export const brokerRestarted: Fault = {
  name: 'broker-restarted',
  what: 'the only broker ended (SIGTERM and kill -9 in turn) and started again under replay and process',
  times: { short: 2, long: 10 },
  run: ({ times, seed }) =>
    Stage.on({ name: 'broker-restarted', seed, rows: ROWS }, async (stage) => {
      const lives = Array.from({ length: times }, () => 2000 + stage.random() * LONGEST_LIFE_MS)
      const rate = flowFor(ROWS, [...lives, ...lives.map(() => RESTART_MS)])
      const processes = [stage.process(), stage.process()]
      const replay = stage.replay('--rate', rate)
      for (const [i, life] of lives.entries()) {
        await sleep(life)
        await (i % 2 === 0 ? stage.kafka.terminate(BROKER) : stage.kafka.kill(BROKER))
        await stage.kafka.restart(BROKER)
      }
      await replay.succeed()
      await stage.untilCovered()
      for (const one of processes) await one.interrupt()
      return stage.reportWithRaw({ restarts: times })
    }),
}
