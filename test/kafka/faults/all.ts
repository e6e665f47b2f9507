import { brokerStopped } from '../cluster/broker-stopped.js'
import { brokersRestarted } from '../cluster/brokers-restarted.js'
import { leaderKilled } from '../cluster/leader-killed.js'
import { brokerCut } from '../network/broker-cut.js'
import { clientsCut } from '../network/clients-cut.js'
import { lineSlow } from '../network/line-slow.js'
import type { Fault } from '../support/fault-report.js'
import { brokerRestarted } from './broker-restarted.js'
import { everything } from './everything.js'
import { growth } from './growth.js'
import { replayKilled } from './replay-killed.js'
import { takeOvers, takeOversUnsafe } from './take-overs.js'
import { workersKilled } from './workers-killed.js'
import { workersStopped } from './workers-stopped.js'

/** All trials, in the order in which they are run. */
export const FAULTS: readonly Fault[] = [
  workersKilled,
  takeOvers,
  takeOversUnsafe,
  workersStopped,
  growth,
  replayKilled,
  brokerRestarted,
  everything,
  leaderKilled,
  brokersRestarted,
  brokerStopped,
  brokerCut,
  clientsCut,
  lineSlow,
]
