import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { runNetworkFault } from './on-network.js'

const BITS_PER_SECOND = 3_000_000
const SLOW_MS = 10_000

export const lineSlow: Fault = {
  name: 'line-slow',
  what: 'the network between clients and brokers slowed to 3 Mbit/s for 10 s',
  times: { short: 1, long: 6 },
  run: (options) =>
    runNetworkFault(
      {
        name: 'line-slow',
        counted: 'times slow',
        async happen(network) {
          network.slow(BITS_PER_SECOND)
          await sleep(SLOW_MS)
          network.hasten()
        },
      },
      options,
    ),
}
