import { writeFileSync } from 'node:fs'

export type Properties = Record<string, string | number | boolean>

/** Where one broker is: `client` for those outside, `internal` for the other brokers and the kit, `controller` for the quorum. */
export interface Ports {
  client: number
  internal: number
  controller: number
}

/** What a broker among others needs to be told; `advertised` is the port that clients are sent to. */
export interface BrokerPlace {
  id: number
  /** An IPv4 address; that of the loopback unless told otherwise. */
  address?: string
  ports: Ports
  advertised: number
  data: string
}

export const LOOPBACK = '127.0.0.1'

/** The settings of one broker, which is its own controller too. */
export function brokerProperties(
  place: BrokerPlace,
  all: readonly Pick<BrokerPlace, 'id' | 'address' | 'ports'>[],
): Properties {
  const { id, address = LOOPBACK, ports, advertised, data } = place
  return {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': all
      .map((node) => `${node.id}@${node.address ?? LOOPBACK}:${node.ports.controller}`)
      .join(','),
    listeners: [
      `CLIENT://${address}:${ports.client}`,
      `INTERNAL://${address}:${ports.internal}`,
      `CONTROLLER://${address}:${ports.controller}`,
    ].join(','),
    'advertised.listeners': `CLIENT://${address}:${advertised},INTERNAL://${address}:${ports.internal}`,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    'log.dirs': data,
    ...replication(all.length),
    ...QUICK,
  }
}

function replication(brokers: number): Properties {
  const replicas = Math.min(3, brokers)
  const inSync = Math.max(1, replicas - 1)
  return {
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
  }
}

/** Deaths are seen soon, nothing waits for company, and little memory and few threads are taken. */
const QUICK: Properties = {
  'group.initial.rebalance.delay.ms': 0,
  'broker.session.timeout.ms': 3000,
  'broker.heartbeat.interval.ms': 500,
  'controller.quorum.election.timeout.ms': 500,
  'controller.quorum.fetch.timeout.ms': 1500,
  'log.cleaner.dedupe.buffer.size': 2 * 1024 * 1024,
  // a broker that is cut off without a word holds up the ends of transactions for so long
  'request.timeout.ms': 5000,
  'num.network.threads': 2,
  'num.io.threads': 4,
}

/** Writes a properties file that only its owner can read: it may hold passwords. */
export function writeProperties(path: string, properties: Properties): void {
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(path, lines.join(''), { mode: 0o600 })
}
