import { faultTest } from '../faults/fault-test.js'
import { brokersRestarted } from './brokers-restarted.js'

faultTest(brokersRestarted)
