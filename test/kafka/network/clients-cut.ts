import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { runNetworkFault } from './on-network.js'

/** The first two are short, so that a short trial has them. */
const CUT_MS = (index: number) => [3000, 15_000][index] ?? 60_000

export const clientsCut: Fault = {
  name: 'clients-cut',
  what: 'the network between clients and brokers cut without a word for 3 s, 15 s, then 60 s each time',
  times: { short: 2, long: 4 },
  run: (options) =>
    runNetworkFault(
      {
        name: 'clients-cut',
        counted: 'cuts',
        tookMs: CUT_MS,
        async happen(network, _stage, _watch, index) {
          network.cutClients()
          await sleep(CUT_MS(index))
          network.mendClients()
        },
      },
      options,
    ),
}
