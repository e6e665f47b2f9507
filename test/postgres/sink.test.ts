import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { EXIT, isTransient } from '../../src/errors.js'
import { openSink } from '../../src/sinks/registry.js'
import { freePorts } from '../kafka/support/free-ports.js'
import { selfSigned } from '../s3/support/certificate.js'
import { noLog } from '../support/no-log.js'
import { resultOf, resultOfSize } from '../support/results.js'
import { LocalPostgres, PASSWORD } from './support/local-postgres.js'
import { storedResults } from './support/stored-results.js'

let folder: string
let server: LocalPostgres
let withTls: LocalPostgres

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'dtstream-test-'))
  const { certificate, key } = selfSigned(folder)
  server = await LocalPostgres.start()
  withTls = await LocalPostgres.start(['ssl=on', 'ssl_cert_file=../server.pem', 'ssl_key_file=../server.key'], {
    'server.pem': readFileSync(certificate, 'utf8'),
    'server.key': readFileSync(key, 'utf8'),
  })
  await server.query(`CREATE ROLE guest LOGIN PASSWORD '${PASSWORD}'`)
})
beforeEach(() => {
  process.env.PGPASSWORD = PASSWORD
})
afterAll(async () => {
  await Promise.all([server?.stop(), withTls?.stop()])
  rmSync(folder, { recursive: true })
})

let tables = 0
const newTable = () => `results_${++tables}`

/** Opens it; `notices` are what is said of failures. */
async function open(uri: string, notices: string[] = []) {
  const onNotice = (text: string) => void notices.push(text)
  const sink = await openSink(uri, { log: noLog, stdout: process.stdout, group: 'test', onNotice })
  onTestFinished(() => sink.abort())
  return sink
}

/** Why it cannot be opened: without the URI, which would be in the way. */
async function refusal(uri: string) {
  const error = await open(uri).then(
    () => undefined,
    (failure) => failure,
  )
  expect(error?.name).toBe('ExpectedError')
  expect(error.message).not.toContain(PASSWORD)
  expect(error.suggestions.length).toBeGreaterThan(0)
  return error.message.replace(uri, 'URI')
}

describe('a table of results', () => {
  it('has in columns what SQL asks for, and the whole result', async () => {
    const table = newTable()
    const sink = await open(server.uri(`?table=${table}`))
    const result = resultOfSize(2000, 3)
    await sink.write(result)
    await sink.close()
    const [row] = await server.query(`SELECT * FROM ${table}`)
    const { rows, orbits, source, interval } = result
    expect(row).toMatchObject({
      ...{ group_name: 'test', topic: 'data_raw', partition: 0, number: '3', worker: result.worker, original: null },
      ...{ from_offset: String(source[0].from), to_offset: String(source[0].to), geometry: result.geometry },
      ...{ rows_read: String(rows.read), hits: String(rows.hits), unmapped: '2', ancillary: '1', late: '0' },
      ...{ first_orbit: String(orbits.first), orbits: String(orbits.count), run: '0', result },
      interval_start: new Date(interval.start),
      hit_count_chamber: result.hit_count_chamber.map(String),
    })
    expect(row.digest).toMatch(/^[0-9a-f]{12}$/)
  })

  it('takes lanes of several partitions, and of files, as one', async () => {
    const table = newTable()
    const sink = await open(server.uri(`?table=${table}`))
    const range = { topic: 'data_raw', from: 10, to: 15, watermark: null }
    const none = { orbits: [], lateHits: [], others: { ancillary: 0, unmapped: 0, malformed: 0 } }
    const partitions = [0, 1].map((partition) => ({ ...range, partition }))
    await sink.write(resultOf({ ...none, source: partitions }))
    await sink.write(resultOf({ ...none, source: [{ name: '/runs/a.txt', from: 0, to: 7, watermark: 1 }] }))
    await sink.close()
    expect(await server.query(`SELECT topic, partition, from_offset, to_offset FROM ${table} ORDER BY id`)).toEqual([
      { topic: 'data_raw', partition: -1, from_offset: '20', to_offset: '30' },
      { topic: '/runs/a.txt', partition: -1, from_offset: '0', to_offset: '7' },
    ])
  })

  it('loses nothing of text that PostgreSQL cannot hold', async () => {
    const table = newTable()
    const sink = await open(server.uri(`?table=${table}`))
    const result = { ...resultOfSize(100), worker: 'half \ud800 and \0, \\u0000 as text' }
    await sink.write(result)
    await sink.close()
    expect(await storedResults(server, table)).toEqual([result])
    const [row] = await server.query(`SELECT worker, result->>'worker' AS within FROM ${table}`)
    expect(row).toEqual({ worker: 'half � and �, \\u0000 as text', within: 'half � and �, \\u0000 as text' })
  })

  it('is made once, however many come at the same time, and used again by the next', async () => {
    const uri = server.uri(`?table=${newTable()}`)
    const sinks = await Promise.all(Array.from({ length: 5 }, () => open(uri)))
    await sinks[0].write(resultOfSize(100))
    const again = await open(uri)
    await again.write(resultOfSize(100, 1))
  })

  it('may lie in another schema, and have an owner who lets a user write and not make', async () => {
    await server.query(`CREATE SCHEMA lab; GRANT USAGE ON SCHEMA lab TO guest`)
    await (await open(server.uri('?table=lab.shifts'))).close()
    const guest = server.uri('?table=lab.shifts').replace('tester@', 'guest@')
    expect(await refusal(guest)).toBe(
      'cannot write URI: this user has not the right to do that (permission denied for table shifts)',
    )
    await server.query('GRANT SELECT, INSERT ON lab.shifts TO guest')
    const sink = await open(guest)
    await sink.write(resultOfSize(100))
    expect(await storedResults(server, 'lab.shifts')).toEqual([resultOfSize(100)])
  })

  it('refuses another result under the number of one that it has', async () => {
    const sink = await open(server.uri(`?table=${newTable()}`))
    await sink.write(resultOfSize(100))
    await expect(sink.write(resultOfSize(200))).rejects.toMatchObject({
      message: expect.stringMatching(/ has another result 0 of group test, data_raw\/0, from another analysis$/),
    })
  })
})

describe('a connection that is lost', () => {
  it('while a result is written, is made again, and the result is there once', async () => {
    const table = newTable()
    const notices: string[] = []
    const sink = await open(server.uri(`?table=${table}`), notices)
    await sink.write(resultOfSize(100))
    const blocker = await server.client()
    await blocker.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
    const writing = sink.write(resultOfSize(100, 1))
    const others = `FROM pg_stat_activity WHERE application_name = 'dtstream' AND wait_event_type = 'Lock'`
    while ((await server.query(`SELECT pid ${others}`)).length === 0);
    await server.query(`SELECT pg_terminate_backend(pid) ${others}`)
    while (sink.outcomes?.retried === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await blocker.query('COMMIT')
    await blocker.end()
    await writing
    await sink.close()
    expect(await storedResults(server, table)).toEqual([resultOfSize(100), resultOfSize(100, 1)])
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatch(/the server stops, or starts .*it is tried again \(retries=8\)$/)
  })

  it('while nothing is written, is made again', async () => {
    const table = newTable()
    const sink = await open(server.uri(`?table=${table}`))
    await sink.write(resultOfSize(100))
    await server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dtstream'")
    await sink.write(resultOfSize(100, 1))
    expect(await storedResults(server, table)).toHaveLength(2)
  })
})

describe('what is wrong is said in a sentence:', () => {
  it('no server', async () => {
    const [port] = await freePorts(1)
    const uri = `postgres://tester@127.0.0.1:${port}/postgres`
    expect(await refusal(uri)).toBe('cannot write URI: no server listens there')
    await open(uri).catch((error) => expect(isTransient(error)).toBe(true))
  })

  it('a password that is wrong, or missing', async () => {
    process.env.PGPASSWORD = 'wrong'
    expect(await refusal(server.uri())).toBe(
      'cannot write URI: the password is wrong (password authentication failed for user "tester")',
    )
    process.env.PGPASSWORD = ''
    expect(await refusal(server.uri())).toBe('cannot write URI: the server asks for a password')
  })

  it('a password in the URI, which is not repeated', async () => {
    const uri = server.uri('?nonsense=1').replace('tester@', `tester:${PASSWORD}@`)
    expect(await refusal(uri)).toMatch(/^a password stands in the postgres: URI/)
  })

  it('a password in the URI of a fallback, which is not repeated either', async () => {
    const fallback = encodeURIComponent(`postgres://tester:${PASSWORD}@127.0.0.1/postgres`)
    expect(await refusal(`null:?on-failure=nonsense&fallback=${fallback}`)).toMatch(/^a password stands in/)
  })

  it('a database that does not exist', async () => {
    expect(await refusal(`postgres://tester@127.0.0.1:${server.port}/nowhere`)).toBe(
      'cannot write URI: there is no such database (database "nowhere" does not exist)',
    )
  })

  it('no right to make a table, no such schema', async () => {
    const guest = server.uri(`?table=${newTable()}`).replace('tester@', 'guest@')
    expect(await refusal(guest)).toBe(
      'cannot write URI: this user has not the right to do that (permission denied for schema public)',
    )
    expect(await refusal(server.uri('?table=no_such.results'))).toBe(
      'cannot write URI: there is no such schema (schema "no_such" does not exist)',
    )
  })

  it.each([
    ['x integer', 'column "group_name" of relation "TABLE" does not exist'],
    ['LIKE results_shape', 'there is no unique or exclusion constraint matching the ON CONFLICT specification'],
  ])('a table of another shape: %s', async (columns, detail) => {
    await (await open(server.uri('?table=results_shape'))).close()
    const table = newTable()
    await server.query(`CREATE TABLE ${table} (${columns})`)
    expect(await refusal(server.uri(`?table=${table}`))).toBe(
      `cannot write URI: the table is of another shape (${detail.replace('TABLE', table)})`,
    )
  })

  it.each([
    ['?table=a.b.c', "'a.b.c' is no name of a table"],
    ["?table=x'; DROP TABLE y", `'x'; DROP TABLE y' is no name of a table`],
    ['?sslmode=yes', "sslmode is disable, require, verify-ca, verify-full, not 'yes'"],
    [
      '?sslmode=prefer',
      "sslmode is disable, require, verify-ca, verify-full, not 'prefer': it is with TLS or without, not as it happens",
    ],
  ])('%s', async (options, sentence) => {
    await expect(open(server.uri(options))).rejects.toMatchObject({
      message: `${server.uri(options)}: ${sentence}`,
      exit: EXIT.usage,
    })
  })

  it('no database, no server named', async () => {
    await expect(open('postgres://127.0.0.1')).rejects.toThrow('postgres://127.0.0.1 names no database')
    await expect(open('postgres://127.0.0.1:x/y')).rejects.toThrow('postgres://127.0.0.1:x/y names no server')
  })
})

describe('TLS', () => {
  const certificate = () => path.join(folder, 'server.pem')

  it.each(['require', 'verify-ca', 'verify-full'])('is what sslmode=%s says', async (mode) => {
    const table = newTable()
    const trust = mode === 'require' ? '' : `&sslrootcert=${certificate()}`
    const sink = await open(withTls.uri(`?table=${table}&sslmode=${mode}${trust}`))
    await sink.write(resultOfSize(100))
    const uses = await withTls.query(
      "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'dtstream'",
    )
    expect(uses).toContainEqual({ ssl: true })
  })

  it('is refused where the certificate is not trusted, or cannot be read', async () => {
    expect(await refusal(withTls.uri('?sslmode=verify-full'))).toBe(
      "cannot write URI: the server's certificate is not trusted",
    )
    expect(await refusal(withTls.uri('?sslmode=verify-ca&sslrootcert=/nowhere'))).toMatch(
      /^URI: the certificates in \/nowhere cannot be read: /,
    )
  })

  it('is told of where the server has none', async () => {
    expect(await refusal(server.uri('?sslmode=require'))).toBe('cannot write URI: the server has no TLS')
  })
})
