import { defineConfig } from 'vitest/config'
import { common } from './vitest.config.js'

/** The tests of the page in Chromium. One file after another: each has a browser and commands at work. */
export default defineConfig({
  test: {
    ...common,
    include: ['test/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
