import { faultTest } from './fault-test.js'
import { replayKilled } from './replay-killed.js'

faultTest(replayKilled)
