import { faultTest } from './fault-test.js'
import { workersKilled } from './workers-killed.js'

faultTest(workersKilled)
