import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'

/** Where nothing lies: no test shall depend on what its user has set. */
const NOWHERE = join(tmpdir(), 'dtstream-tests-nowhere')

/** What the tests with and without servers have in common. */
export const common = {
  disableConsoleIntercept: true,
  reporters: ['default', './test/support/count-reporter.ts'],
  // left to itself, vitest leaves one idle
  maxWorkers: '100%',
  env: {
    DTSTREAM_CONFIG_DIR: NOWHERE,
    DTSTREAM_CACHE_DIR: NOWHERE,
    XDG_DATA_HOME: NOWHERE,
    // a file with nothing in it, so that no dtstream.yaml above the checkout is found
    DTSTREAM_CONFIG: devNull,
    DTSTREAM_PROFILE: '',
    DTSTREAM_LOG: '',
    DTSTREAM_PLUGINS: '',
    AWS_CA_BUNDLE: '',
    AWS_REGION: '',
    AWS_DEFAULT_REGION: '',
    DTSTREAM_RUN: '',
    DTSTREAM_RATE: '',
    DTSTREAM_WORKERS: '',
    DTSTREAM_METRICS: '',
    KAFKA_BOOTSTRAP_SERVER: '',
    KAFKA_BOOTSTRAP_SERVERS: '',
    DTSTREAM_KAFKA_CONFIG: '',
    SPARK_HOME: '',
    SPARK_REMOTE: '',
    SPARK_CONF_DIR: '',
    DTSTREAM_SPARK_TOKEN: '',
  },
}

/** Folders of tests with a configuration, and a step of .ci/run, of their own. */
const SLOW_OR_WITH_SERVERS = ['kafka', 's3', 'postgres', 'plugin-package', 'story', 'python', 'browser', 'spark']

export default defineConfig({
  test: {
    ...common,
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...SLOW_OR_WITH_SERVERS.map((folder) => `test/${folder}/**`)],
    // for what hangs; a slow machine shall fail no test
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
