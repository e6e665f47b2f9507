import { everything } from './everything.js'
import { faultTest } from './fault-test.js'

faultTest(everything)
