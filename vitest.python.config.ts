import { defineConfig } from 'vitest/config'
import { common } from './vitest.config.js'

/** The tests that need Python and what is installed for it. */
export default defineConfig({
  test: {
    ...common,
    include: ['test/python/**/*.test.ts'],
    testTimeout: 120_000,
  },
})
