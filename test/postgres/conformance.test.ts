import { afterAll, beforeAll } from 'vitest'
import { sinkConformance } from '../conformance/sinks.js'
import { LocalPostgres, PASSWORD } from './support/local-postgres.js'
import { storedResults } from './support/stored-results.js'

let server: LocalPostgres
let tables = 0

beforeAll(async () => {
  process.env.PGPASSWORD = PASSWORD
  server = await LocalPostgres.start()
})
afterAll(() => server?.stop())

sinkConformance('postgres', async () => {
  const table = `place_${++tables}`
  return {
    uri: server.uri(`?table=${table}`),
    received: () => storedResults(server, table),
    async hold() {
      const client = await server.client()
      await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
      return () => void client.query('COMMIT').then(() => client.end())
    },
  }
})
