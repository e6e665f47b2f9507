import { faultTest } from '../faults/fault-test.js'
import { lineSlow } from './line-slow.js'

faultTest(lineSlow)
