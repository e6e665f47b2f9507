import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { Stage } from '../support/stage.js'

const RATE = '3000/s'
const LONGEST_LIFE_MS = 8000
const BROKER = 1

export const brokerRestarted: Fault = {
  name: 'broker-restarted',
  what: 'the only broker ended (SIGTERM and kill -9 in turn) and started again under replay and process',
  times: { short: 2, long: 10 },
  run: ({ times, seed }) =>
    Stage.on({ name: 'broker-restarted', seed }, async (stage) => {
      const processes = [stage.process(), stage.process()]
      const replay = stage.replay('--rate', RATE)
      for (let restart = 0; restart < times; restart++) {
        await sleep(2000 + stage.random() * LONGEST_LIFE_MS)
        await (restart % 2 === 0 ? stage.kafka.terminate(BROKER) : stage.kafka.kill(BROKER))
        await stage.kafka.restart(BROKER)
      }
      await replay.interrupt()
      await stage.endRows()
      for (const one of processes) await one.interrupt()
      return stage.reportWithRaw({ restarts: times })
    }),
}
