import { faultTest } from './fault-test.js'
import { growth } from './growth.js'

faultTest(growth)
