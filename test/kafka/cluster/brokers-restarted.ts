import type { Fault } from '../support/fault-report.js'
import { runBrokerFault } from './broker-fault.js'
import { leaderOf } from './leaders.js'

export const brokersRestarted: Fault = {
  name: 'brokers-restarted',
  what: 'of three brokers, the one that leads data_clean shut down (SIGTERM) and started again at once',
  times: { short: 1, long: 5 },
  run: (options) =>
    runBrokerFault(
      {
        name: 'brokers-restarted',
        counted: 'brokers restarted',
        stage: { kafka: { brokers: 3 } },
        async happen({ kafka }) {
          const leader = await leaderOf(kafka, 'data_clean', 0)
          await kafka.terminate(leader)
          await kafka.restart(leader)
        },
      },
      options,
    ),
}
