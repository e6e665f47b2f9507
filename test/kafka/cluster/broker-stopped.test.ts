import { faultTest } from '../faults/fault-test.js'
import { brokerStopped } from './broker-stopped.js'

faultTest(brokerStopped)
