import { faultTest } from './fault-test.js'
import { takeOvers } from './take-overs.js'

faultTest(takeOvers)
