import type { Client } from 'pg'
import { EXIT, ExpectedError } from '../../errors.js'
import type { SinkUri } from '../sink.js'
import { COLUMNS, KEY } from './row.js'

/** A table: its name, quoted for SQL. */
export interface Table {
  name: string
  quoted: string
}

const DEFAULT_TABLE = 'results'
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/

/** @throws ExpectedError where `table` is no name of a table */
export function tableOf({ text, options }: SinkUri): Table {
  const name = options.get('table') ?? DEFAULT_TABLE
  const parts = name.split('.')
  if (parts.length > 2 || !parts.every((part) => NAME.test(part)))
    throw new ExpectedError(
      `${text}: '${name}' is no name of a table`,
      ['TABLE or SCHEMA.TABLE, of letters, digits and _'],
      EXIT.usage,
    )
  return { name, quoted: parts.map((part) => `"${part}"`).join('.') }
}

/** What a table of results is made by. */
export function createStatement({ quoted }: Table): string {
  const columns = COLUMNS.map(({ name, type }) => `  ${name} ${type}`)
  return [
    `CREATE TABLE IF NOT EXISTS ${quoted} (`,
    ['  id bigint GENERATED ALWAYS AS IDENTITY', ...columns, `  PRIMARY KEY (${KEY.join(', ')})`].join(',\n'),
    ')',
  ].join('\n')
}

/** Writes a row, unless its lane has a result of this number already. */
export function insertStatement({ quoted }: Table): string {
  const values = COLUMNS.map(({ type }, i) => `$${i + 1}::${type.replace(' NOT NULL', '')}`)
  return [
    `INSERT INTO ${quoted} (${COLUMNS.map(({ name }) => name).join(', ')}) VALUES (${values.join(', ')})`,
    `ON CONFLICT (${KEY.join(', ')}) DO NOTHING`,
  ].join(' ')
}

/** The digest of the result that a lane has under a number; the values are those of the key. */
export function digestStatement({ quoted }: Table): string {
  return `SELECT digest FROM ${quoted} WHERE ${KEY.map((name, i) => `${name} = $${i + 1}`).join(' AND ')}`
}

/** Makes the table if it is missing, and sees to it that rows can be written there: the server plans one, and does not write it. */
export async function makeReady(client: Client, table: Table): Promise<void> {
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [table.quoted])
  if (!rows[0].there) await create(client, table)
  await client.query(
    `EXPLAIN ${insertStatement(table)}`,
    COLUMNS.map(() => null),
  )
  await client.query(
    `EXPLAIN ${digestStatement(table)}`,
    KEY.map(() => null),
  )
}

/** Somebody else may make it at the same time, and PostgreSQL then tells one of them that it is there. */
const MADE_MEANWHILE = ['23505', '42P07', '42710']

async function create(client: Client, table: Table): Promise<void> {
  try {
    await client.query(createStatement(table))
  } catch (error) {
    if (!MADE_MEANWHILE.includes((error as { code: string }).code)) throw error
  }
}
