import { spawnSync } from 'node:child_process'
import { type Host, LocalKafka } from './local-kafka.js'
import type { Network, Observer } from './network.js'

const PREFIX = 'dtstream'
const CLIENTS = 'clients'
const OBSERVER = 'observer'
/** Last number of the address; a broker's is greater by its id. */
const OBSERVER_ADDRESS = 10
/** Enough for what one broker may send at once to be queued, as a slow line's own box does. */
const QUEUE_MS = 400

/** Whether this machine lets us make network namespaces, wires between them, and slow ones. */
export function canMakeNamespaces(): boolean {
  const name = `${PREFIX}-${process.pid}-try`
  const wire = ['link', 'add', 'name', 'wire1', 'type', 'veth', 'peer', 'name', 'wire2']
  try {
    removeLeftOver()
    ip('netns', 'add', name)
    ip('-n', name, ...wire)
    tc('-n', name, ...slowLine('wire1', 1_000_000))
    return true
  } catch {
    return false
  } finally {
    spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
  }
}

/**
 * A switch in a namespace of its own, with a wire to this machine and one to each broker, which has a namespace too. A wire
 * is cut at the switch, so that whoever is at its other end keeps his address and is not told.
 */
export class NamespaceNetwork implements Network {
  readonly way = 'network namespaces, wires set down at a switch'
  private started: LocalKafka | undefined
  private readonly subnet = freeSubnet()
  private readonly names: string[] = []
  private readonly onExit = (): void => this.remove()

  static async start(brokers: 1 | 3): Promise<NamespaceNetwork> {
    const network = new NamespaceNetwork()
    try {
      network.build(brokers)
      network.started = await LocalKafka.start({ brokers, hosts: (id) => network.host(id) })
      return network
    } catch (error) {
      await network.stop()
      throw error
    }
  }

  private constructor() {
    process.once('exit', this.onExit)
  }

  get kafka(): LocalKafka {
    if (!this.started) throw new Error('No brokers were started')
    return this.started
  }

  get observer(): Observer {
    return { bootstrap: this.kafka.bootstrap, command: this.inside(OBSERVER) }
  }

  cutClients(): void {
    this.set(CLIENTS, 'down')
  }

  mendClients(): void {
    this.set(CLIENTS, 'up')
  }

  cutBroker(id: number): void {
    this.set(this.broker(id), 'down')
  }

  mendBroker(id: number): void {
    this.set(this.broker(id), 'up')
  }

  slow(bitsPerSecond: number): void {
    tc('-n', this.name('switch'), ...slowLine(CLIENTS, bitsPerSecond))
    tc(...slowLine(this.wireHere, bitsPerSecond))
  }

  hasten(): void {
    tc('-n', this.name('switch'), 'qdisc', 'del', 'dev', CLIENTS, 'root')
    tc('qdisc', 'del', 'dev', this.wireHere, 'root')
  }

  async stop(): Promise<void> {
    await this.started?.stop()
    this.remove()
    process.removeListener('exit', this.onExit)
  }

  private build(brokers: number): void {
    this.namespace('switch')
    this.onSwitch('link', 'add', 'hub', 'type', 'bridge')
    this.onSwitch('link', 'set', 'hub', 'up')
    ip('link', 'add', this.wireHere, 'type', 'veth', 'peer', 'name', CLIENTS, 'netns', this.name('switch'))
    ip('addr', 'add', `${this.subnet}.1/24`, 'dev', this.wireHere)
    ip('link', 'set', this.wireHere, 'up')
    this.plugIn(CLIENTS)
    for (let id = 0; id <= brokers; id++) this.add(id === 0 ? OBSERVER : this.broker(id), this.address(id))
    this.introduce(brokers)
  }

  /** Someone with a namespace, an address and a wire, which bears the same name. */
  private add(who: string, address: string): void {
    this.namespace(who)
    const inside = ['-n', this.name(who)]
    ip(...inside, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', who, 'netns', this.name('switch'))
    ip(...inside, 'addr', 'add', `${address}/24`, 'dev', 'eth0')
    for (const device of ['lo', 'eth0']) ip(...inside, 'link', 'set', device, 'up')
    this.plugIn(who)
  }

  /** All know for good who has which address: who cannot be asked for it would be found missing. */
  private introduce(brokers: number): void {
    const all = Array.from({ length: brokers + 1 }, (_, id) => {
      const inside = ['-n', this.name(id === 0 ? OBSERVER : this.broker(id))]
      return { inside, device: 'eth0', address: this.address(id) }
    })
    all.push({ inside: [], device: this.wireHere, address: `${this.subnet}.1` })
    for (const { inside, device, address } of all) {
      const [link] = JSON.parse(ip(...inside, '-json', 'link', 'show', 'dev', device)) as { address: string }[]
      for (const other of all.filter((one) => one.address !== address))
        ip(
          ...other.inside,
          'neigh',
          'replace',
          address,
          'lladdr',
          link.address,
          'dev',
          other.device,
          'nud',
          'permanent',
        )
    }
  }

  private plugIn(wire: string): void {
    this.onSwitch('link', 'set', wire, 'master', 'hub')
    this.set(wire, 'up')
  }

  private set(wire: string, state: 'up' | 'down'): void {
    this.onSwitch('link', 'set', wire, state)
  }

  private onSwitch(...args: string[]): void {
    ip('-n', this.name('switch'), ...args)
  }

  private namespace(which: string): void {
    ip('netns', 'add', this.name(which))
    this.names.push(this.name(which))
  }

  /** Its wires go with a namespace, once nobody runs in it. */
  private remove(): void {
    for (const name of this.names.splice(0)) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
    spawnSync('ip', ['link', 'del', this.wireHere], { stdio: 'ignore' })
  }

  /** Names of interfaces have 15 letters at most. */
  private get wireHere(): string {
    return `dtk${process.pid}`
  }

  private name(which: string): string {
    return `${PREFIX}-${process.pid}-${which}`
  }

  private host(id: number): Host {
    return { address: this.address(id), command: this.inside(this.broker(id)) }
  }

  private inside(which: string): string[] {
    return ['ip', 'netns', 'exec', this.name(which)]
  }

  private broker(id: number): string {
    return `broker${id}`
  }

  private address(id: number): string {
    return `${this.subnet}.${OBSERVER_ADDRESS + id}`
  }
}

/** Those of a test that was killed. */
function removeLeftOver(): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const [name, pid] = new RegExp(`^(?:${PREFIX}-(\\d+)-\\w+)`).exec(line) ?? []
    if (name && !isAlive(Number(pid))) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The first three numbers of addresses that this machine does not use; Node does not tell of interfaces that are cut. */
function freeSubnet(): string {
  const used = ip('-o', '-4', 'addr')
  for (let i = 0; i < SUBNETS; i++) {
    // two that begin at once begin elsewhere
    const subnet = `10.213.${(process.pid + i) % SUBNETS}`
    if (!used.includes(` ${subnet}.`)) return subnet
  }
  throw new Error('This machine uses all addresses from 10.213.0.0 on')
}

const SUBNETS = 256

function slowLine(device: string, bitsPerSecond: number): string[] {
  const bucket = ['rate', `${bitsPerSecond}bit`, 'burst', '32kb', 'latency', `${QUEUE_MS}ms`]
  return ['qdisc', 'replace', 'dev', device, 'root', 'tbf', ...bucket]
}

function ip(...args: string[]): string {
  return run('ip', args)
}

function tc(...args: string[]): string {
  return run('tc', args)
}

function run(program: string, args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`)
  return stdout
}
