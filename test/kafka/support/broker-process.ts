import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { JARS, JAVA } from '../../../scripts/kafka/broker-files.js'
import { livingBrokers } from './broker-probe.js'
import { LOOPBACK } from './broker-properties.js'

/** A small heap, and no compiler or collector that needs threads: brokers of tests live short and share few cores. */
const JVM = [
  '-Xms64m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xlog:disable',
  '-Xlog:all=error:stderr',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
  '-Djava.net.preferIPv4Stack=true',
]

const READY_MS = 90_000
const TERMINATE_MS = 60_000

/** The arguments of Java for a class of Kafka's. */
export function javaArguments(...args: string[]): string[] {
  return [...JVM, '-cp', join(JARS, '*'), ...args]
}

/** One JVM that runs a broker; its words go to the end of a log file. */
export class BrokerProcess {
  readonly ended: Promise<void>
  private readonly child: ChildProcess

  /**
   * @param flags further flags of the JVM
   * @param prefix what comes before Java on the command line, and becomes it
   */
  constructor(
    propertiesPath: string,
    private readonly logPath: string,
    flags: string[],
    prefix: string[] = [],
  ) {
    const log = openSync(logPath, 'a')
    // In a session of its own: a Ctrl-C at the terminal is for us, and we decide how brokers end.
    const [program, ...args] = [...prefix, JAVA, ...flags, ...javaArguments('kafka.Kafka', propertiesPath)]
    this.child = spawn(program, args, {
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    this.ended = once(this.child, 'exit').then(
      () => undefined,
      () => undefined,
    )
  }

  /** The process id; -1 if it could not even be started. */
  get pid(): number {
    return this.child.pid ?? -1
  }

  get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null
  }

  /** Waits until it answers there and knows that many brokers to be alive; the error has the end of its log. */
  async ready(port: number, brokers: number, host = LOOPBACK): Promise<void> {
    const end = Date.now() + READY_MS
    while ((await livingBrokers(host, port)) < brokers) {
      if (!this.running) throw this.failure('ended while starting')
      if (Date.now() > end) throw this.failure(`was not ready after ${READY_MS / 1000} s`)
      await sleep(30)
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.ended
  }

  /** Lets it shut down in order, as an operator does. */
  async terminate(): Promise<void> {
    this.signal('SIGTERM')
    const limit = new AbortController()
    const late = sleep(TERMINATE_MS, true, { signal: limit.signal }).catch(() => false)
    const timedOut = await Promise.race([this.ended.then(() => false), late])
    limit.abort()
    if (timedOut) throw this.failure(`did not end within ${TERMINATE_MS / 1000} s of SIGTERM`)
  }

  private failure(what: string): Error {
    const tail = readFileSync(this.logPath, 'utf8').trimEnd().split('\n').slice(-30).join('\n')
    return new Error(`A Kafka broker ${what}. The end of its log (${this.logPath}):\n${tail}`)
  }
}
