import { defineConfig } from 'vitest/config'
import s3 from './vitest.s3.config.js'

/** The whole way, from a bucket over brokers to results: needs what both suites need. */
export default defineConfig({
  test: { ...s3.test, include: ['test/story/**/*.test.ts'], testTimeout: 480_000, hookTimeout: 120_000 },
})
