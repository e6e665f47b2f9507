import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isLost, isSessionGone } from '../../../src/spark/connect/failures.js'
import { read, sql } from '../../../src/spark/connect/relations.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { freePorts } from '../../kafka/support/free-ports.js'
import { LocalSpark } from '../support/local-spark.js'
import { startTlsFront } from '../support/tls-front.js'

let spark: LocalSpark
let session: SparkSession
beforeAll(async () => {
  spark = await LocalSpark.start()
  session = new SparkSession(spark.endpoint)
})
afterAll(async () => {
  session?.close()
  await spark?.stop()
})

const opened: SparkSession[] = []
function open(...args: ConstructorParameters<typeof SparkSession>): SparkSession {
  const one = new SparkSession(...args)
  opened.push(one)
  return one
}
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})

describe('a session', () => {
  it('says which Spark it is of', async () => {
    expect(await session.version()).toBe('4.0.0')
  })

  it('has conf of its own', async () => {
    const other = open(spark.endpoint)
    await session.setConf({ 'spark.sql.shuffle.partitions': '7' })
    const keys = ['spark.sql.shuffle.partitions', 'spark.sql.nothing']
    expect(await session.getConf(keys)).toEqual({ 'spark.sql.shuffle.partitions': '7', 'spark.sql.nothing': undefined })
    expect(await other.getConf(keys)).toMatchObject({ 'spark.sql.shuffle.partitions': '2' })
    await other.release()
  })

  it('has views, and gives rows as plain objects', async () => {
    await session.createView('numbers', sql('SELECT id, id % 2 = 0 AS even FROM range(3)'))
    const rows = await session.collect(sql('SELECT * FROM numbers ORDER BY id DESC'))
    expect(rows).toEqual([2, 1, 0].map((id) => ({ id, even: id % 2 === 0 })))
  })

  it('gives every kind of value', async () => {
    const [row] = await session.collect(
      sql(`SELECT CAST(1 AS TINYINT) tiny, 9223372036854775807 big, -5 small, 1.5D double, 'ü' text, X'00FF' bytes,
        CAST(NULL AS INT) none, array(1, NULL) list, array(array('a'), array()) lists, map('k', 1) pairs,
        named_struct('x', 1, 'y', array(2)) struct, TIMESTAMP '2026-01-01 00:00:00.25Z' at, true yes`),
    )
    expect(row).toEqual({
      ...{ tiny: 1, big: 9223372036854775807n, small: -5, double: 1.5, text: 'ü', bytes: new Uint8Array([0, 255]) },
      ...{ none: null, list: [1, null], lists: [['a'], []], pairs: { k: 1 }, struct: { x: 1, y: [2] } },
      ...{ at: Date.UTC(2026, 0, 1, 0, 0, 0, 250), yes: true },
    })
  })

  it('gives results of many parts, and none of none', async () => {
    let sum = 0
    for await (const { id } of session.rows(sql('SELECT id FROM range(300000)'))) sum += id as number
    expect(sum).toBe((299_999 * 300_000) / 2)
    expect(await session.collect(sql('SELECT 1 WHERE false'))).toEqual([])
  })

  it('goes on when nobody reads a result to its end', async () => {
    for await (const row of session.rows(sql('SELECT id FROM range(300000) ORDER BY id'))) {
      expect(row).toEqual({ id: 0 })
      break
    }
    expect(await session.collect(sql('SELECT 1 AS one'))).toEqual([{ one: 1 }])
  })

  it('refuses DECIMAL instead of giving its bits', async () => {
    await expect(session.collect(sql('SELECT 1.5 AS price'))).rejects.toThrow(/price is a DECIMAL/)
  })

  it('reads files', async () => {
    const folder = `${spark.folder}/written`
    await session.collect(sql(`INSERT OVERWRITE DIRECTORY '${folder}' USING csv SELECT id, id * id FROM range(4)`))
    const relation = read({ format: 'csv', schema: 'n INT, square INT', paths: [folder] })
    await session.createView('squares', relation)
    const rows = await session.collect(sql('SELECT sum(n) AS n, sum(square) AS square FROM squares'))
    expect(rows).toEqual([{ n: 6, square: 14 }])
  })
})

describe('an error of Spark', () => {
  it.each([
    ['SELEC 1', 'PARSE_SYNTAX_ERROR', "Syntax error at or near 'SELEC'."],
    ['SELECT nope FROM range(1)', 'UNRESOLVED_COLUMN.WITH_SUGGESTION', 'A column'],
    ['SELECT * FROM nowhere', 'TABLE_OR_VIEW_NOT_FOUND', 'The table or view `nowhere` cannot be found.'],
    ["SELECT raise_error('oh') FROM range(3)", 'USER_RAISED_EXCEPTION', 'oh'],
  ])('is a sentence with its class: %s', async (query, errorClass, words) => {
    const error = await session.collect(sql(query)).catch((error) => error)
    expect(error).toMatchObject({ name: 'ExpectedError', errorClass, trouble: 'of Spark' })
    expect(error.message).toContain(`Spark says: [${errorClass}] ${words}`)
    expect(error.message).not.toContain('\n')
  })

  it('names conf that a session cannot set', async () => {
    await expect(session.setConf({ 'spark.executor.instances': '3' })).rejects.toMatchObject({
      errorClass: 'CANNOT_MODIFY_CONFIG',
    })
  })
})

describe('who comes later', () => {
  it('takes the session up by its identity', async () => {
    await session.createView('left', sql('SELECT 7 AS n'))
    const later = open(spark.endpoint, session.identity)
    expect(await later.collect(sql('SELECT * FROM left'))).toEqual([{ n: 7 }])
  })

  it('is told where the session is gone', async () => {
    const first = open(spark.endpoint)
    await first.version()
    const { identity } = first
    await first.release()
    const error = await open(spark.endpoint, identity)
      .version()
      .catch((error) => error)
    expect(isSessionGone(error)).toBe(true)
  })
})

describe('a server that does not answer', () => {
  it('is lost, with a sentence', async () => {
    const [port] = await freePorts(1)
    const error = await open({ ...spark.endpoint, port })
      .version()
      .catch((error) => error)
    expect(isLost(error)).toBe(true)
    expect(error.message).toBe(`no Spark Connect server answers at 127.0.0.1:${port}: nothing listens there`)
  })

  it('is told from one that speaks no TLS', async () => {
    const error = await open({ ...spark.endpoint, host: 'localhost', tls: true })
      .version()
      .catch((error) => error)
    expect(error.message).toMatch(/it does not speak TLS$/)
  })

  it('is told from one whose certificate nobody vouches for', async () => {
    const front = await startTlsFront(spark.endpoint.port, spark.folder)
    const error = await open({ ...spark.endpoint, host: 'localhost', port: front.port, tls: true })
      .version()
      .catch((error) => error)
    front.stop()
    expect(error.message).toMatch(/its certificate is not trusted$/)
    expect(error.suggestions).toEqual([expect.stringContaining('NODE_EXTRA_CA_CERTS')])
  })

  it.each([undefined, 'wrong'])('is told from one that wants another token than %s', async (token) => {
    const { token: _, ...endpoint } = spark.endpoint
    const error = await open({ ...endpoint, ...(token ? { token } : {}) })
      .version()
      .catch((error) => error)
    expect(error).toMatchObject({ name: 'ExpectedError', trouble: 'refused' })
    expect(error.suggestions).toEqual([expect.stringContaining('DTSTREAM_SPARK_TOKEN')])
  })
})
