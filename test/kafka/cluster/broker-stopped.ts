import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { runBrokerFault } from './broker-fault.js'
import { leaderOf } from './leaders.js'

/** The first is short, so that a short trial has one. */
const STOPPED_MS = (index: number) => (index === 0 ? 8000 : 30_000)

export const brokerStopped: Fault = {
  name: 'broker-stopped',
  what: 'of three brokers, the one that leads data_clean stopped (SIGSTOP) for 8 s, then for 30 s each time',
  times: { short: 1, long: 4 },
  run: (options) =>
    runBrokerFault(
      {
        name: 'broker-stopped',
        counted: 'brokers stopped',
        stage: { kafka: { brokers: 3 } },
        async happen({ kafka }, _, index) {
          const leader = await leaderOf(kafka, 'data_clean', 0)
          kafka.pause(leader)
          await sleep(STOPPED_MS(index))
          kafka.resume(leader)
        },
      },
      options,
    ),
}
