import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'

/** Where nothing lies: no test shall depend on what its user has set. */
const NOWHERE = join(tmpdir(), 'dtstream-tests-nowhere')

/** What the tests with and without servers have in common. */
export const common = {
  disableConsoleIntercept: true,
  reporters: ['default', './test/support/count-reporter.ts'],
  env: {
    DTSTREAM_CONFIG_DIR: NOWHERE,
    DTSTREAM_CACHE_DIR: NOWHERE,
    XDG_DATA_HOME: NOWHERE,
    DTSTREAM_CONFIG: '',
    DTSTREAM_LOG: '',
    DTSTREAM_PLUGINS: '',
    KAFKA_BOOTSTRAP_SERVER: '',
    KAFKA_BOOTSTRAP_SERVERS: '',
    DTSTREAM_KAFKA_CONFIG: '',
  },
}

export default defineConfig({
  test: {
    ...common,
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/kafka/**', 'test/s3/**', 'test/postgres/**', 'test/plugin-package/**'],
    testTimeout: 30_000,
  },
})
