import type { Fault } from '../../kafka/support/fault-report.js'
import { aloneKilled } from './alone-killed.js'
import { clusterKilled } from './cluster-killed.js'
import { manyRows } from './many-rows.js'

/** All trials, in the order in which they are run. */
export const FAULTS: readonly Fault[] = [clusterKilled, aloneKilled, manyRows]
