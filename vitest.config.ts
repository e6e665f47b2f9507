import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Where nothing lies: no test shall depend on what its user has set. */
const NOWHERE = join(tmpdir(), 'dtstream-tests-nowhere')

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    disableConsoleIntercept: true,
    testTimeout: 30_000,
    reporters: ['default', './test/support/count-reporter.ts'],
    env: {
      DTSTREAM_CONFIG_DIR: NOWHERE,
      DTSTREAM_CACHE_DIR: NOWHERE,
      XDG_DATA_HOME: NOWHERE,
      DTSTREAM_CONFIG: '',
      DTSTREAM_LOG: '',
    },
  },
})
