import { faultTest } from './fault-test.js'
import { workersStopped } from './workers-stopped.js'

faultTest(workersStopped)
