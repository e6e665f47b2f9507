import type { Result } from '../../../src/core/results/result.js'
import type { LocalPostgres } from './local-postgres.js'

/** What a table holds, as it was sent, in the order in which it came. */
export async function storedResults(server: LocalPostgres, table: string): Promise<Result[]> {
  const rows = await server.query<{ result: Result; original: string | null }>(
    `SELECT result, original FROM ${table} ORDER BY id`,
  )
  return rows.map(({ result, original }) => (original === null ? result : (JSON.parse(original) as Result)))
}
