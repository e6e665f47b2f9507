import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchJars } from '../../../scripts/kafka/broker-files.js'
import { archiveFlags, copyFormatted } from './broker-cache.js'
import { BrokerProcess } from './broker-process.js'
import { brokerProperties, LOOPBACK, type Ports, writeProperties } from './broker-properties.js'
import type { ClientTls } from './certificates.js'
import { type ClientProperties, type Mechanism, writeClientProperties } from './client-properties.js'
import { freePorts } from './free-ports.js'
import { grantAccess } from './grant-access.js'
import { Guardian } from './guardian.js'
import { addUsers, makeSecurity, type Security, type User } from './security.js'

export interface LocalKafkaOptions {
  brokers?: 1 | 3
  /** With `sasl_ssl`, clients need TLS and a user; see `tls`, `users` and `clientProperties`. */
  security?: 'plaintext' | 'sasl_ssl'
  /** With `sasl_ssl`: clients without a certificate are turned away. */
  clientCertificates?: boolean
  /** Settings of every broker, laid over the kit's. */
  properties?: Record<string, string>
  /** Which port clients are told to reach broker `id` at, when not its own: that of a proxy in front of it. */
  advertised?: (id: number, port: number) => number | Promise<number>
  /** Where each broker runs, when not on the loopback. */
  hosts?: (id: number) => Host
}

/** A place that has an address of its own. */
export interface Host {
  /** Of IPv4, as this process reaches it. */
  address: string
  /** What comes before a command that is to run there, and becomes it. */
  command: string[]
}

const HERE: Host = { address: LOOPBACK, command: [] }

/** One broker; ids count from 1. */
export interface KafkaNode {
  readonly id: number
  /** Where it listens for clients. */
  readonly address: string
  readonly port: number
  /** Where clients are sent to: the same, or a proxy's port. */
  readonly advertised: number
  /** Of the JVM that runs or was the last to run. */
  readonly pid: number
  readonly running: boolean
  /** Path of what the broker says. */
  readonly log: string
}

/** Real Apache Kafka brokers on this machine's loopback, which end with this process however it ends. */
export class LocalKafka {
  private readonly brokers = new Map<number, Broker>()
  private readonly paused = new Set<number>()
  private readonly folder = mkdtempSync(join(tmpdir(), 'dtstream-kafka-'))
  private readonly guardian = new Guardian(this.folder)
  private readonly onExit = (): void => {
    for (const broker of this.brokers.values()) broker.process?.signal('SIGKILL')
  }

  private security: Security | undefined

  private constructor(private readonly flags: string[]) {
    process.once('exit', this.onExit)
  }

  /** Starts brokers and waits until each knows all; rejects with the end of a broker's log. */
  static async start(options: LocalKafkaOptions = {}): Promise<LocalKafka> {
    fetchJars()
    const kafka = new LocalKafka(await archiveFlags())
    try {
      await kafka.prepare(options)
      await kafka.restart(...kafka.brokers.keys())
      if (kafka.security) await grantAccess(kafka.internal)
    } catch (error) {
      await kafka.stop()
      throw error
    }
    return kafka
  }

  /** `host:port,host:port` as clients know the brokers. */
  get bootstrap(): string {
    return this.nodes.map((node) => `${node.address}:${node.advertised}`).join(',')
  }

  /** Paths of PEM files for clients; only with `sasl_ssl`, as the next two. */
  get tls(): ClientTls {
    return this.secured().tls
  }

  /** Users and their passwords, for SCRAM-SHA-256, SCRAM-SHA-512 and PLAIN. */
  get users(): Record<User, string> {
    return this.secured().users
  }

  /** Paths of properties files with which a user reaches the brokers. */
  clientProperties(user: User, mechanism: Mechanism = 'SCRAM-SHA-256'): ClientProperties {
    return writeClientProperties(this.folder, this.bootstrap, this.secured(), user, mechanism)
  }

  get nodes(): KafkaNode[] {
    return [...this.brokers.values()].map(({ id, host, ports, advertised, log, process }) => ({
      ...{ id, address: host.address, port: ports.client, advertised, log },
      ...{ pid: process?.pid ?? -1, running: process?.running ?? false },
    }))
  }

  /** kill -9. */
  async kill(id: number): Promise<void> {
    await this.process(id).kill()
  }

  /** Shuts one down in order (SIGTERM) and waits for its end. */
  async terminate(id: number): Promise<void> {
    await this.process(id).terminate()
  }

  /** SIGSTOP: it keeps its connections and says nothing, until `resume`. */
  pause(id: number): void {
    this.process(id).signal('SIGSTOP')
    this.paused.add(id)
  }

  resume(id: number): void {
    this.process(id).signal('SIGCONT')
    this.paused.delete(id)
  }

  /** Starts brokers that have ended, at their old ports, on their old data; waits until they know all that are alive. */
  async restart(...ids: number[]): Promise<void> {
    const started = ids.map((id) => this.broker(id))
    for (const broker of started) {
      if (broker.process?.running) throw new Error(`Broker ${broker.id} still runs`)
      this.paused.delete(broker.id)
      broker.process = new BrokerProcess(broker.properties, broker.log, this.flags, broker.host.command)
      this.guardian.watch(broker.process.pid)
    }
    const alive = this.nodes.filter((node) => node.running && !this.paused.has(node.id)).length
    await Promise.all(started.map(({ process, host, ports }) => process?.ready(ports.internal, alive, host.address)))
  }

  /** Ends all brokers at once and removes their data. */
  async stop(): Promise<void> {
    await Promise.all([...this.brokers.values()].map((broker) => broker.process?.kill()))
    rmSync(this.folder, { recursive: true, force: true })
    this.guardian.release()
    process.removeListener('exit', this.onExit)
  }

  private async prepare(options: LocalKafkaOptions): Promise<void> {
    const { brokers = 1, security, clientCertificates = false, properties, advertised, hosts } = options
    if (security === 'sasl_ssl') this.security = makeSecurity(join(this.folder, 'security'), clientCertificates)
    const free = await freePorts(3 * brokers)
    const places = Array.from({ length: brokers }, (_, index) => {
      const [client = 0, internal = 0, controller = 0] = free.slice(3 * index)
      const host = hosts?.(index + 1) ?? HERE
      return { id: index + 1, host, address: host.address, ports: { client, internal, controller } }
    })
    for (const { id, host, address, ports } of places) {
      const broker: Broker = {
        ...{ id, host, address, ports, advertised: (await advertised?.(id, ports.client)) ?? ports.client },
        data: join(this.folder, `data-${id}`),
        properties: join(this.folder, `server-${id}.properties`),
        log: join(this.folder, `server-${id}.log`),
      }
      writeProperties(broker.properties, {
        ...brokerProperties(broker, places),
        ...this.security?.properties,
        ...properties,
      })
      copyFormatted(id, broker.data)
      if (this.security) addUsers(this.security, broker.data)
      this.brokers.set(id, broker)
    }
  }

  /** Where the kit itself reaches the brokers, without user or proxy. */
  get internal(): string[] {
    return [...this.brokers.values()].map(({ address, ports }) => `${address}:${ports.internal}`)
  }

  private secured(): Security {
    if (this.security === undefined) throw new Error('These brokers were started without security')
    return this.security
  }

  private broker(id: number): Broker {
    const broker = this.brokers.get(id)
    if (broker === undefined) throw new Error(`There is no broker ${id}`)
    return broker
  }

  private process(id: number): BrokerProcess {
    const { process } = this.broker(id)
    if (process === undefined) throw new Error(`Broker ${id} was never started`)
    return process
  }
}

interface Broker {
  id: number
  host: Host
  address: string
  ports: Ports
  advertised: number
  data: string
  properties: string
  log: string
  process?: BrokerProcess
}
