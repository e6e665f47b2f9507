import type { Fault } from '../support/fault-report.js'
import { workersKilled } from './workers-killed.js'

/** All trials, in the order in which they are run. */
export const FAULTS: readonly Fault[] = [workersKilled]
