import { leaderOf } from '../cluster/leaders.js'
import type { Fault } from '../support/fault-report.js'
import { runNetworkFault } from './on-network.js'

/** What was under way when the broker was cut off has come, or never will. */
const SETTLED_MS = 4000
const LONGEST_MS = 60_000

export const brokerCut: Fault = {
  name: 'broker-cut',
  what: 'the broker of three that leads data_clean cut off without a word until all rows flow again by the others',
  times: { short: 1, long: 6 },
  run: (options) =>
    runNetworkFault(
      {
        name: 'broker-cut',
        counted: 'brokers cut off',
        async happen(network, { kafka }, watch) {
          const leader = await leaderOf(kafka, 'data_clean', 0)
          network.cutBroker(leader)
          const settled = performance.now() + SETTLED_MS
          await watch.untilFlowing(settled, LONGEST_MS)
          const stuck = watch.stuckSince(settled)
          network.mendBroker(leader)
          if (stuck.length > 0) throw new Error(`without broker ${leader}, lanes ${stuck} stand still`)
        },
      },
      options,
    ),
}
