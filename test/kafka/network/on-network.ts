import { type BrokerFault, runBrokerFault } from '../cluster/broker-fault.js'
import type { FaultOptions, FaultReport } from '../support/fault-report.js'
import { type Network, startNetwork } from '../support/network.js'

export interface NetworkFault extends Pick<BrokerFault, 'name' | 'counted'> {
  happen(network: Network, ...rest: Parameters<BrokerFault['happen']>): Promise<void>
}

/** Three brokers behind a network, and what happens to that; says how the network is made. */
export async function runNetworkFault(fault: NetworkFault, options: FaultOptions): Promise<FaultReport> {
  const network = await startNetwork(3)
  console.log(`${fault.name}: ${network.way}`)
  try {
    const { kafka, observer } = network
    const happen: BrokerFault['happen'] = (...args) => fault.happen(network, ...args)
    return await runBrokerFault({ ...fault, stage: { kafka, observer }, happen }, options)
  } finally {
    await network.stop()
  }
}
