import { brokerRestarted } from './broker-restarted.js'
import { faultTest } from './fault-test.js'

faultTest(brokerRestarted)
