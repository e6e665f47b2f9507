import { connectionOf } from './postgres/connection.js'
import { PostgresSink } from './postgres/postgres-sink.js'
import { tableOf } from './postgres/table.js'
import type { SinkSpec } from './sink.js'

export const spec: SinkSpec = {
  scheme: 'postgres',
  usage: 'postgres://[USER@]HOST[:PORT]/DATABASE',
  summary: 'a table in PostgreSQL, one row a result, each once; the password is in PGPASSWORD or the file PGPASSFILE',
  options: {
    table: 'TABLE or SCHEMA.TABLE, made if it is missing; without it results',
    sslmode: 'disable, require, verify-ca or verify-full, as libpq has it; without it as PGSSLMODE says, else disable',
    sslrootcert: 'file of the certificates to trust, or system; without it as PGSSLROOTCERT says',
  },
  async open(uri, { group }) {
    const sink = new PostgresSink(uri.text, await connectionOf(uri, process.env), tableOf(uri), group)
    await sink.open()
    return sink
  },
}
