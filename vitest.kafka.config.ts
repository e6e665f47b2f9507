import { defineConfig } from 'vitest/config'
import { common } from './vitest.config.js'

/** The tests that need brokers: one file after another, as each starts its own. */
export default defineConfig({
  test: {
    ...common,
    include: ['test/kafka/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
