import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { livingBrokers } from './broker-probe.js'
import { canMakeNamespaces, NamespaceNetwork } from './namespace-network.js'
import type { Network } from './network.js'
import { ProxyNetwork } from './proxy-network.js'

const WAYS = [...(canMakeNamespaces() ? [NamespaceNetwork] : []), ProxyNetwork]
const CUT_OFF = 1
const OTHERS = [2, 3]
/** Brokers find out by themselves who is missing. */
const SEEN = { timeout: 30_000, interval: 500 }

describe.each(WAYS)('$name', (way) => {
  let network: Network

  beforeAll(async () => {
    network = await way.start(3)
  })

  afterAll(() => network?.stop())

  it('lets clients through', async () => {
    expect(await seen(CUT_OFF, ...OTHERS)).toEqual([3, 3, 3])
  })

  it('cuts clients from all brokers, and mends that', async () => {
    network.cutClients()
    expect(await seen(CUT_OFF, ...OTHERS)).toEqual([0, 0, 0])
    network.mendClients()
    await expect.poll(() => seen(CUT_OFF, ...OTHERS), SEEN).toEqual([3, 3, 3])
  })

  it('cuts one broker from clients and from the others, and mends that', async () => {
    network.cutBroker(CUT_OFF)
    await expect.poll(() => seen(CUT_OFF, ...OTHERS), SEEN).toEqual([0, 2, 2])
    network.mendBroker(CUT_OFF)
    await expect.poll(() => seen(CUT_OFF, ...OTHERS), SEEN).toEqual([3, 3, 3])
  })

  /** How many brokers each of these knows, if it answers a client. */
  function seen(...ids: number[]): Promise<number[]> {
    const nodes = network.kafka.nodes.filter(({ id }) => ids.includes(id))
    return Promise.all(nodes.map(({ address, advertised }) => livingBrokers(address, advertised)))
  }
})
