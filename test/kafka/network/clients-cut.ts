import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { runNetworkFault } from './on-network.js'

/** The first two are short, so that a short trial has them. */
const CUT_MS = (index: number) => [3000, 15_000][index] ?? 60_000

/** What was under way when the network was cut has been shown by then. */
const SETTLED_MS = 3000

export const clientsCut: Fault = {
  name: 'clients-cut',
  what: 'the network between clients and brokers cut without a word for 3 s, 15 s, then 60 s each time',
  times: { short: 2, long: 4 },
  run: (options) =>
    runNetworkFault(
      {
        name: 'clients-cut',
        counted: 'cuts',
        async happen(network, _stage, watch, index) {
          network.cutClients()
          const settled = performance.now() + SETTLED_MS
          await sleep(CUT_MS(index))
          const isLong = CUT_MS(index) > 2 * SETTLED_MS
          const flowing = isLong ? watch.lanesFlowing(settled) : []
          network.mendClients()
          if (flowing.length > 0) throw new Error(`the network was cut, and rows of lanes ${flowing} came through`)
        },
      },
      options,
    ),
}
