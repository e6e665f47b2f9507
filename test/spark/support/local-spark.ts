import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorJars, sparkHome } from '../../../scripts/spark/spark-files.js'
import { describeEndpoint, type Endpoint } from '../../../src/spark/connect/endpoint.js'
import type { SparkConf } from '../../../src/spark/server/settings.js'
import { findSparkHome, type SparkHome } from '../../../src/spark/server/spark-home.js'
import { type RunningServer, startServer } from '../../../src/spark/server/start-server.js'
import { Guardian } from '../../kafka/support/guardian.js'
import { pidsOf } from './running-programs.js'
import { type ClusterSize, StandaloneCluster, TWO_WORKERS } from './standalone-cluster.js'

export interface LocalSparkOptions {
  /** a standalone master with workers, two of one core unless told otherwise; without it all is in the server, in two threads */
  cluster?: boolean | ClusterSize
  conf?: SparkConf
}

/** The Spark that the tests fetched. */
export function testedSpark(): SparkHome {
  const home = sparkHome()
  if (!home) throw new Error('there is no Spark here: npm run test:spark fetches it')
  return findSparkHome(home)
}

/** A Spark Connect server that knows Kafka, on the loopback. All of it ends with the process that started it. */
export class LocalSpark {
  private readonly guardian: Guardian
  private server: RunningServer | undefined
  private cluster: StandaloneCluster | undefined
  private readonly home = testedSpark()

  private constructor(
    /** where its logs are, and there is room for checkpoints */
    readonly folder: string,
    private readonly conf: SparkConf,
  ) {
    this.guardian = new Guardian(folder)
  }

  static async start({ cluster = false, conf = {} }: LocalSparkOptions = {}): Promise<LocalSpark> {
    const folder = mkdtempSync(join(tmpdir(), 'dtstream-local-spark-'))
    mkdirSync(join(folder, 'tmp'))
    const spark = new LocalSpark(folder, conf)
    try {
      if (cluster) {
        const size = cluster === true ? TWO_WORKERS : cluster
        spark.cluster = await StandaloneCluster.start(spark.home.folder, folder, spark.guardian, size)
      }
      await spark.restart()
      return spark
    } catch (error) {
      await spark.stop()
      throw error
    }
  }

  get endpoint(): Endpoint {
    return this.running.endpoint
  }

  /** As SPARK_REMOTE takes it. */
  get remote(): string {
    const { userId, token } = this.endpoint
    return `sc://${describeEndpoint(this.endpoint)}/;user_id=${userId};token=${token}`
  }

  get master(): string {
    return this.cluster?.url ?? 'local[2]'
  }

  get serverPid(): number {
    return this.running.process.pid
  }

  /** Of a cluster; they come with the server. */
  executorPids(): number[] {
    return pidsOf('CoarseGrainedExecutorBackend', this.folder)
  }

  /** Starts the server, again at the same place where it was killed before. */
  async restart(): Promise<void> {
    this.server = await startServer({
      home: this.home,
      master: this.master,
      conf: { ...this.ownConf(), ...this.conf },
      logPath: join(this.folder, 'server.log'),
      ...(this.server ? { endpoint: this.server.endpoint } : {}),
    })
    this.guardian.watch(this.serverPid)
  }

  /** kill -9 of the server. */
  kill(): void {
    process.kill(this.serverPid, 'SIGKILL')
  }

  async stop(): Promise<void> {
    await this.server?.stop()
    await this.cluster?.stop()
    this.guardian.release()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private get running(): RunningServer {
    if (!this.server) throw new Error('the server has not been started')
    return this.server
  }

  private ownConf(): SparkConf {
    // the folder is in the arguments of every JVM, by which the guardian and executorPids know them
    const options = `-Djava.io.tmpdir=${join(this.folder, 'tmp')} -XX:+UseSerialGC`
    return {
      'spark.jars': connectorJars(),
      'spark.local.dir': join(this.folder, 'local'),
      'spark.sql.warehouse.dir': join(this.folder, 'warehouse'),
      'spark.sql.shuffle.partitions': '2',
      'spark.driver.memory': '1g',
      'spark.executor.memory': '1g',
      'spark.driver.extraJavaOptions': options,
      'spark.executor.extraJavaOptions': options,
    }
  }
}
