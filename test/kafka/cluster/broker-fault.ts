import { setTimeout as sleep } from 'node:timers/promises'
import { flowFor } from '../faults/flow.js'
import type { FaultOptions, FaultReport } from '../support/fault-report.js'
import { FlowWatch } from '../support/flow-watch.js'
import type { Actor } from '../support/kafka-cli.js'
import { Stage, type StageOptions } from '../support/stage.js'

/** What happens to brokers again and again while replay, process and watch run. */
export interface BrokerFault {
  name: string
  /** in the report: `leaders killed` */
  counted: string
  /** how long each of them takes, with what it takes to mend it; ms */
  tookMs(index: number): number
  stage?: Pick<StageOptions, 'kafka' | 'observer'>
  /** makes it happen once, and all well again */
  happen(stage: Stage, watch: FlowWatch, index: number): Promise<void>
}

const PARTITIONS = 10
const ROWS = 100_000
/** A little more is read where faults take longer, so that rows flow at some rate whatever happens. */
const LEAST_RATE = 1000
/** Before the first, between two, and after the last. */
const CALM_MS = 6000
/** Rows flow for so many times as long as all should take: machines are busy. */
const MARGIN = 2

/** All of data_raw equals the source, and results are exact; and how long lanes stood still because of each fault. */
export function runBrokerFault(fault: BrokerFault, { times, seed }: FaultOptions): Promise<FaultReport> {
  const { name, counted, tookMs } = fault
  const took = Array.from({ length: times }, (_, i) => tookMs(i))
  const spans = [CALM_MS, ...took.flatMap((ms) => [ms, CALM_MS])]
  const flowMs = MARGIN * spans.reduce((sum, ms) => sum + ms, 0)
  const rows = Math.max(ROWS, Math.round((LEAST_RATE * flowMs) / 1000))
  return Stage.on({ ...fault.stage, name, seed, rows, partitions: PARTITIONS }, async (stage) => {
    const processes = [stage.process(), stage.process()]
    const watch = new FlowWatch(stage.cli)
    const replay = stage.replay('--rate', flowFor(rows, [flowMs]))
    await watch.untilAll(PARTITIONS)
    const pauses: number[] = []
    for (let i = 0; i < times; i++) {
      await sleep(CALM_MS * (0.5 + stage.random()))
      const from = performance.now()
      await fault.happen(stage, watch, i)
      await watch.untilFlowing(performance.now(), LONGEST_PAUSE_MS)
      pauses.push(watch.longestPauseMs(from, performance.now()))
    }
    const flowed = replay.isRunning
    await sendRest(stage, replay)
    await stage.untilCovered()
    for (const one of [...processes, watch.actor]) await one.interrupt()
    const paused = Object.fromEntries(pauses.map((ms, i) => [`ms pause of a lane by fault ${i + 1}`, ms]))
    const report = await stage.reportWithRaw({ [counted]: times, ...paused })
    return flowed ? report : { ...report, wrong: ['the rows ended before the last fault', ...report.wrong] }
  })
}

const LONGEST_PAUSE_MS = 60_000

/** As fast as can be, when all has happened. */
async function sendRest(stage: Stage, replay: Actor): Promise<void> {
  if (!replay.isRunning) return void (await replay.succeed())
  await replay.interrupt()
  await stage.replay('--resume', '--rate', 'max').succeed()
}
