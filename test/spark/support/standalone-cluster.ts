import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../kafka/support/free-ports.js'
import type { Guardian } from '../../kafka/support/guardian.js'

const LOOPBACK = '127.0.0.1'
const READY_MS = 90_000
const MASTER = 'org.apache.spark.deploy.master.Master'
const WORKER = 'org.apache.spark.deploy.worker.Worker'

export interface ClusterSize {
  workers: number
  /** that each worker has to give, whatever the machine has */
  cores: number
}

export const TWO_WORKERS: ClusterSize = { workers: 2, cores: 1 }

/** A standalone master and workers of a gigabyte each, on the loopback. */
export class StandaloneCluster {
  private readonly processes: ChildProcess[] = []

  private constructor(
    private readonly home: string,
    private readonly folder: string,
    private readonly guardian: Guardian,
    /** `spark://HOST:PORT` */
    readonly url: string,
  ) {}

  /** @param folder of its logs and of its executors' work; the guardian is of the same one */
  static async start(
    home: string,
    folder: string,
    guardian: Guardian,
    { workers: count, cores }: ClusterSize,
  ): Promise<StandaloneCluster> {
    const [port, ...uiPorts] = await freePorts(2 + count)
    const cluster = new StandaloneCluster(home, folder, guardian, `spark://${LOOPBACK}:${port}`)
    const place = (uiPort: number) => ['--host', LOOPBACK, '--webui-port', String(uiPort)]
    try {
      cluster.launch('master', MASTER, [...place(uiPorts[0]), '--port', String(port)])
      await cluster.says('master', /I have been elected leader/)
      const workers = Array.from({ length: count }, (_, k) => `worker-${k}`)
      workers.forEach((name, k) => {
        const size = ['--cores', String(cores), '--memory', '1g', '--work-dir', join(folder, name)]
        cluster.launch(name, WORKER, [...place(uiPorts[k + 1]), ...size, cluster.url])
      })
      for (const name of workers) await cluster.says(name, /Successfully registered with master/)
      return cluster
    } catch (error) {
      await cluster.stop()
      throw error
    }
  }

  /** Workers first, which end their executors. */
  async stop(): Promise<void> {
    for (const child of this.processes.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
  }

  private launch(name: string, main: string, args: string[]): void {
    const log = openSync(this.log(name), 'a')
    // Spark that finds it, even empty, takes the jars of clients for its own
    const { SPARK_REMOTE: _, ...own } = process.env
    const child = spawn(join(this.home, 'bin', 'spark-class'), [main, ...args], {
      env: {
        ...own,
        SPARK_HOME: this.home,
        SPARK_LOCAL_IP: LOOPBACK,
        SPARK_LOCAL_DIRS: join(this.folder, 'local'),
        SPARK_DAEMON_MEMORY: '256m',
        // by which the guardian knows it
        SPARK_DAEMON_JAVA_OPTS: `-Ddtstream.folder=${this.folder}`,
      },
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    this.guardian.watch(child.pid ?? -1)
    this.processes.push(child)
  }

  private async says(name: string, words: RegExp): Promise<void> {
    const child = this.processes.at(-1)
    for (const end = Date.now() + READY_MS; !words.test(readFileSync(this.log(name), 'utf8')); await sleep(50)) {
      if (child?.exitCode === null && Date.now() < end) continue
      throw new Error(`the ${name} did not start:\n${readFileSync(this.log(name), 'utf8').slice(-3000)}`)
    }
  }

  private log(name: string): string {
    return join(this.folder, `${name}.log`)
  }
}
