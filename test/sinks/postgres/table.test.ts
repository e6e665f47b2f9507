import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectionOf } from '../../../src/sinks/postgres/connection.js'
import { createStatement, tableOf } from '../../../src/sinks/postgres/table.js'
import { parseUri } from '../../../src/uri.js'
import { ROOT } from '../../support/built-cli.js'

describe('the table of results', () => {
  it('is made as docs/plugins.md says', () => {
    const statement = createStatement(tableOf(parseUri('postgres://h/d')))
    expect(readFileSync(join(ROOT, 'docs', 'plugins.md'), 'utf8')).toContain(`\`\`\`sql\n${statement}\n\`\`\``)
  })
})

const D = { user: 'u', host: 'h', database: 'd' }

describe('a connection', () => {
  it.each([
    [
      'postgres://shift@db.lab:6543/runs',
      {},
      { user: 'shift', host: 'db.lab', port: 6543, database: 'runs', ssl: false },
    ],
    ['postgres://[::1]/a%20b', { PGUSER: 'me' }, { user: 'me', host: '::1', database: 'a b' }],
    ['postgres:///runs', { PGUSER: 'me' }, { user: 'me', database: 'runs' }],
    ['postgres://h', { PGDATABASE: 'runs', PGUSER: 'me' }, { user: 'me', host: 'h' }],
    ['postgres://u@h/d', { PGSSLMODE: 'require' }, { ...D, ssl: { rejectUnauthorized: false } }],
    ['postgres://u@h/d?sslmode=disable', { PGSSLMODE: 'require' }, { ...D, ssl: false }],
    ['postgres://u@h/d?sslmode=require', { PGSSLROOTCERT: 'system' }, { ...D, ssl: {} }],
    ['postgres://u@h/d?sslmode=verify-full', {}, { ...D, ssl: {} }],
  ])('of %s, with %j', async (uri, env, expected) => {
    const config = await connectionOf(parseUri(uri), env)
    expect(config).toMatchObject(expected)
    // what the URI does not say, pg finds in the environment; the password always
    const said = Object.keys(config).filter((name) => ['user', 'host', 'port', 'database', 'password'].includes(name))
    expect(said.sort()).toEqual(
      Object.keys(expected)
        .filter((name) => name !== 'ssl')
        .sort(),
    )
  })
})
