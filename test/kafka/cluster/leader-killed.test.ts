import { faultTest } from '../faults/fault-test.js'
import { leaderKilled } from './leader-killed.js'

faultTest(leaderKilled)
