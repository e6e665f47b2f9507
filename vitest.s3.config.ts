import { defineConfig } from 'vitest/config'
import { common } from './vitest.config.js'

/** The tests that need an S3 server: each file starts its own. */
export default defineConfig({
  test: {
    ...common,
    env: {
      ...common.env,
      // nobody's account, and no look at the machine's own
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'a-secret-of-tests',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
    include: ['test/s3/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
