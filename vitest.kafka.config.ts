import { defineConfig } from 'vitest/config'
import { common } from './vitest.config.js'

const ALL = 'test/kafka/**/*.test.ts'
/** What looks at times, or at what a machine takes: nothing else is at work then. */
const ALONE = ['test/kafka/cluster/{coordinator-moved,soak}.test.ts', 'test/kafka/faults/take-overs.test.ts']

/** The tests that need brokers, which each file starts for itself: two files at a time, as most of their time is waiting. */
export default defineConfig({
  test: {
    ...common,
    projects: [
      {
        extends: true,
        test: { name: 'together', include: [ALL], exclude: ALONE, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
