import { faultTest } from '../../kafka/faults/fault-test.js'
import { aloneKilled } from './alone-killed.js'
import { clusterKilled } from './cluster-killed.js'

faultTest(clusterKilled)
faultTest(aloneKilled)
