import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { runBrokerFault } from './broker-fault.js'
import { leaderOf } from './leaders.js'

const DEAD_MS = 6000

export const leaderKilled: Fault = {
  name: 'leader-killed',
  what: 'of three brokers, the one that leads data_clean killed (-9), and started again later',
  times: { short: 1, long: 5 },
  run: (options) =>
    runBrokerFault(
      {
        name: 'leader-killed',
        counted: 'leaders killed',
        stage: { kafka: { brokers: 3 } },
        async happen({ kafka }) {
          const leader = await leaderOf(kafka, 'data_clean', 0)
          await kafka.kill(leader)
          await sleep(DEAD_MS)
          await kafka.restart(leader)
        },
      },
      options,
    ),
}
