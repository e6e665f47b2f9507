import { defineConfig } from 'vitest/config'
import { common } from './vitest.config.js'

/** The tests that need Spark, which each file starts for itself: one file after another, as each takes all cores. */
export default defineConfig({
  test: {
    ...common,
    env: {
      ...common.env,
      // nobody's Spark
      ...Object.fromEntries(
        ['SPARK_HOME', 'SPARK_CONF_DIR', 'SPARK_REMOTE', 'DTSTREAM_SPARK_TOKEN'].map((name) => [name, '']),
      ),
    },
    include: ['test/spark/**/*.test.ts'],
    fileParallelism: false,
    // for what hangs; a slow machine shall fail no test
    testTimeout: 1_200_000,
    hookTimeout: 300_000,
  },
})
