import { faultTest } from '../faults/fault-test.js'
import { clientsCut } from './clients-cut.js'

faultTest(clientsCut)
