import { LocalKafka } from './local-kafka.js'
import type { Network, Observer } from './network.js'
import { TcpProxy } from './proxy.js'

/** A proxy before each broker. One that is cut off is stopped as well, so that the others miss it too. */
export class ProxyNetwork implements Network {
  readonly way = 'proxies that swallow, a broker that is cut off is stopped (no network namespaces here)'

  static async start(brokers: 1 | 3): Promise<ProxyNetwork> {
    const proxies = new Map<number, TcpProxy>()
    const advertised = async (id: number, to: number): Promise<number> => {
      const proxy = await TcpProxy.start({ to })
      proxies.set(id, proxy)
      return proxy.port
    }
    try {
      return new ProxyNetwork(await LocalKafka.start({ brokers, advertised }), proxies)
    } catch (error) {
      for (const proxy of proxies.values()) await proxy.stop()
      throw error
    }
  }

  private constructor(
    readonly kafka: LocalKafka,
    private readonly proxies: Map<number, TcpProxy>,
  ) {}

  get observer(): Observer {
    return { bootstrap: this.kafka.internal.join(','), command: [] }
  }

  cutClients(): void {
    for (const proxy of this.proxies.values()) proxy.swallow()
  }

  mendClients(): void {
    for (const proxy of this.proxies.values()) proxy.flow()
  }

  cutBroker(id: number): void {
    this.proxies.get(id)?.swallow()
    this.kafka.pause(id)
  }

  mendBroker(id: number): void {
    this.kafka.resume(id)
    this.proxies.get(id)?.flow()
  }

  slow(bitsPerSecond: number): void {
    for (const proxy of this.proxies.values()) proxy.slow(bitsPerSecond / 8 / this.proxies.size)
  }

  hasten(): void {
    this.mendClients()
  }

  async stop(): Promise<void> {
    for (const proxy of this.proxies.values()) await proxy.stop()
    await this.kafka.stop()
  }
}
