import { faultTest } from '../faults/fault-test.js'
import { brokerCut } from './broker-cut.js'

faultTest(brokerCut)
