import { defineConfig } from 'vitest/config'
import { common } from './vitest.config.js'

/** The tests that need a PostgreSQL server: each file starts its own. */
export default defineConfig({
  test: {
    ...common,
    env: {
      ...common.env,
      // nobody's server, and nobody's passwords
      ...Object.fromEntries(
        ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE', 'PGPASSWORD', 'PGSSLMODE', 'PGSSLROOTCERT'].map((name) => [
          name,
          '',
        ]),
      ),
      PGPASSFILE: '/dev/null',
    },
    include: ['test/postgres/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
