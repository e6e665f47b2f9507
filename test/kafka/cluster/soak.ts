import { setTimeout as sleep } from 'node:timers/promises'
import { geometryDigest } from '../../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { type Log, MESSAGE_KIND, type MessageBatch, offsetOf } from '../../../src/log/log.js'
import { openLog } from '../../../src/log/open-log.js'
import { watchTopic } from '../../../src/watch/watch.js'
import type { FaultReport } from '../support/fault-report.js'
import { Actor } from '../support/kafka-cli.js'
import { Stage } from '../support/stage.js'
import { residentMiB } from './resident-memory.js'
import { RowLatency } from './row-latency.js'

export interface SoakOptions {
  minutes: number
  /** of process, as its flag takes it */
  interval: string
  seed: number
  /** told once a minute, and at the end */
  onLine(line: SoakLine): void
}

/** As of now, over the time since the start. */
export interface SoakLine {
  seconds: number
  /** that results have counted */
  rows: number
  /** of process, MiB */
  residentMiB: number
  /** rows sent and not yet counted: the most of the last minute */
  lagRows: number
  /** from a row's being sent to the result that counts it being in watch; ms */
  p50Ms: number
  p99Ms: number
}

const RATE = 5000
const PARTITIONS = 10
const LOOK_EVERY_MS = 1000
const LINE_EVERY_MS = 60_000
/** Of the time: memory is looked at after this, and at the end. */
const WARM_UP = 0.25
/** Growth from then on that garbage, collected now or later, explains. */
const GARBAGE_MIB = 96
/** More waits only where results do not keep up. */
const MOST_LAG_ROWS = 20 * RATE

/** Rows flow for minutes at 5000 a second through replay, process and watch, while it is looked at them. */
export function soak({ minutes, interval, seed, onLine }: SoakOptions): Promise<FaultReport> {
  const seconds = minutes * 60
  const rows = Math.round(RATE * seconds)
  return Stage.on({ name: 'soak', seed, partitions: PARTITIONS }, async (stage) => {
    const brokers = stage.kafka.bootstrap.split(',')
    const log = await openLog({ kind: 'kafka', settings: { brokers, clientId: 'soak' } }, { onNotice: () => {} })
    const stop = new AbortController()
    const latency = new RowLatency()
    const work = new Actor(stage.cli, ['process', '--workers', '2', '--interval', interval, '--idle', '10m'])
    const following = [follow(log, latency, stop.signal), ...readRows(log, latency, stop.signal)]
    await sleep(SETTLE_MS)
    const replay = stage.replay('--rate', `${RATE}/s`, '--limit', `${rows}`)
    const looks = new Looks(work.pid, latency, onLine)
    const timer = setInterval(() => looks.look(), LOOK_EVERY_MS)
    try {
      await Promise.race([replay.succeed().then(() => stage.endRows(rows)), failsWith(work)])
      await sleep(LOOK_EVERY_MS)
      looks.say()
    } finally {
      clearInterval(timer)
      stop.abort()
      await Promise.allSettled(following)
      await log.close()
    }
    await work.interrupt()
    const report = await stage.report(looks.counts)
    return { ...report, wrong: [...looks.wrong, ...report.wrong] }
  })
}

const SETTLE_MS = 4000

/** Should end with Ctrl-C only. */
async function failsWith(work: Actor): Promise<never> {
  const { code, stderr } = await work.ended
  throw new Error(`dtstream ${work.args.join(' ')} ended with ${code}:\n${stderr}`)
}

/** Watches as `dtstream watch` does. */
function follow(log: Log, latency: RowLatency, signal: AbortSignal): Promise<void> {
  return watchTopic({
    ...{ log, topic: 'data_clean', from: 'beginning', geometry: geometryDigest(DEFAULT_RUN), signal },
    face: {
      add({ source: [range] }) {
        if (!('partition' in range)) return
        const { partition, to, watermark } = range
        latency.addResult(partition, { to, watermark: watermark ?? -1, seenAt: Date.now() })
      },
      setLag: () => {},
      message: () => {},
    },
  })
}

function readRows(log: Log, latency: RowLatency, signal: AbortSignal): Promise<void>[] {
  return Array.from({ length: PARTITIONS }, async (_, partition) => {
    const reader = await log.reader('data_raw', partition, 0)
    while (!signal.aborted) {
      const batch = await reader.next(LOOK_EVERY_MS)
      if (batch) addRows(batch, latency)
    }
    await reader.close()
  })
}

/** The simulation writes `HEAD,FPGA,TDC_CHANNEL,ORBIT_CNT,BX_COUNTER,TDC_MEAS`. */
const HEAD = 0
const ORBIT = 3
const HIT = 2

function addRows(batch: MessageBatch, latency: RowLatency): void {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
  for (let i = 0; i < batch.count; i++) {
    if (batch.kind[i] === MESSAGE_KIND.end) continue
    const fields = bytes.toString('latin1', batch.start[i], batch.end[i]).split(',').map(Number)
    // all others are counted as soon as they are read
    const orbit = fields[HEAD] === HIT ? fields[ORBIT] : 0
    latency.addRow(batch.partition, { offset: offsetOf(batch, i), orbit, sentAt: batch.appendedAtMs })
  }
}

/** What is looked at once a second. */
class Looks {
  private readonly since = performance.now()
  private readonly resident: { atMs: number; mebibytes: number }[] = []
  private saidAt = 0
  private lag = 0
  private mostLag = 0

  constructor(
    private readonly pid: number,
    private readonly latency: RowLatency,
    private readonly onLine: SoakOptions['onLine'],
  ) {}

  look(): void {
    const atMs = performance.now() - this.since
    this.latency.settle()
    this.resident.push({ atMs, mebibytes: residentMiB(this.pid) })
    this.lag = Math.max(this.lag, this.latency.waiting)
    this.mostLag = Math.max(this.mostLag, this.lag)
    if (atMs - this.saidAt >= LINE_EVERY_MS) this.say()
  }

  say(): void {
    const { latency, resident } = this
    this.saidAt = performance.now() - this.since
    this.onLine({
      seconds: Math.round(this.saidAt / 1000),
      rows: latency.settled,
      residentMiB: Math.round(resident.at(-1)?.mebibytes ?? 0),
      lagRows: this.lag,
      p50Ms: latency.quantileMs(0.5),
      p99Ms: latency.quantileMs(0.99),
    })
    this.lag = 0
  }

  get counts(): Record<string, number> {
    const { latency, mostLag } = this
    return {
      'rows timed': latency.settled,
      'ms p50': latency.quantileMs(0.5),
      'ms p99': latency.quantileMs(0.99),
      'rows most lag': mostLag,
      'MiB after warm-up': Math.round(this.warmMiB),
      'MiB at the end': Math.round(this.endMiB),
    }
  }

  get wrong(): string[] {
    const { warmMiB, endMiB, mostLag } = this
    return [
      ...(endMiB > warmMiB + GARBAGE_MIB ? [`memory grew from ${warmMiB} to ${endMiB} MiB`] : []),
      ...(mostLag > MOST_LAG_ROWS ? [`${mostLag} rows waited at once`] : []),
    ]
  }

  /** The most of the tenth of the time after the warm-up. */
  private get warmMiB(): number {
    return this.mostResident(WARM_UP, WARM_UP + 0.1)
  }

  private get endMiB(): number {
    return this.mostResident(0.9, 1)
  }

  private mostResident(from: number, to: number): number {
    const lastMs = this.resident.at(-1)?.atMs ?? 0
    const within = this.resident.filter(({ atMs }) => atMs >= from * lastMs && atMs <= to * lastMs)
    return Math.max(...within.map(({ mebibytes }) => mebibytes))
  }
}
