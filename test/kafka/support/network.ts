import type { LocalKafka } from './local-kafka.js'
import { canMakeNamespaces, NamespaceNetwork } from './namespace-network.js'
import { ProxyNetwork } from './proxy-network.js'

/** Brokers, and what lies between them and clients and can fail without a word. */
export interface Network {
  /** How it is made, in words. */
  readonly way: string
  readonly kafka: LocalKafka
  /** Where an observer is that `cutClients` and `slow` leave alone. */
  readonly observer: Observer
  /** Clients reach no broker from now on, and nobody is told; the brokers reach each other. */
  cutClients(): void
  mendClients(): void
  /** Neither clients nor other brokers reach that one from now on, and nobody is told. */
  cutBroker(id: number): void
  mendBroker(id: number): void
  /** Between clients and brokers, in each direction. */
  slow(bitsPerSecond: number): void
  /** The end of `slow`. */
  hasten(): void
  /** Ends the brokers too. */
  stop(): Promise<void>
}

/** How to reach the brokers, and what comes before a command that does, and becomes it. */
export interface Observer {
  bootstrap: string
  command: string[]
}

/** By network namespaces where this machine lets us make them; else by proxies, and a broker that is cut off is stopped. */
export async function startNetwork(brokers: 1 | 3): Promise<Network> {
  return canMakeNamespaces() ? NamespaceNetwork.start(brokers) : ProxyNetwork.start(brokers)
}
