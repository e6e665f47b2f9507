import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultOptions, FaultReport } from '../support/fault-report.js'
import { FlowWatch } from '../support/flow-watch.js'
import { Stage, type StageOptions } from '../support/stage.js'

/** What happens to brokers again and again while replay, process and watch run. */
export interface BrokerFault {
  name: string
  /** in the report: `leaders killed` */
  counted: string
  stage?: Pick<StageOptions, 'kafka' | 'observer'>
  /** makes it happen once, and all well again */
  happen(stage: Stage, watch: FlowWatch, index: number): Promise<void>
}

const PARTITIONS = 10
const RATE = '2000/s'
/** Before each fault, about. */
const CALM_MS = 6000
const LONGEST_PAUSE_MS = 60_000

/** All of data_raw equals the source, and results are exact; and how long lanes stood still because of each fault. */
export function runBrokerFault(fault: BrokerFault, { times, seed }: FaultOptions): Promise<FaultReport> {
  const { name, counted } = fault
  return Stage.on({ ...fault.stage, name, seed, partitions: PARTITIONS }, async (stage) => {
    const processes = [stage.process(), stage.process()]
    const watch = new FlowWatch(stage.cli)
    const replay = stage.replay('--rate', RATE)
    await watch.untilAll(PARTITIONS)
    const pauses: number[] = []
    for (let i = 0; i < times; i++) {
      await sleep(CALM_MS * (0.5 + stage.random()))
      const from = performance.now()
      await fault.happen(stage, watch, i)
      await watch.untilFlowing(performance.now(), LONGEST_PAUSE_MS)
      pauses.push(watch.longestPauseMs(from, performance.now()))
    }
    await replay.interrupt()
    await stage.endRows()
    for (const one of [...processes, watch.actor]) await one.interrupt()
    const paused = Object.fromEntries(pauses.map((ms, i) => [`ms pause of a lane by fault ${i + 1}`, ms]))
    return stage.reportWithRaw({ [counted]: times, ...paused })
  })
}
