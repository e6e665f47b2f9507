// The long form of the trials in which things die: npm run kafka:faults -- [name ...] [--times N] [--seed S]
import { FAULTS } from '../../test/kafka/faults/all.js'
import { runFaults } from '../lib/run-faults.js'

await runFaults(FAULTS)
