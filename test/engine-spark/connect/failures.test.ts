import { readFileSync } from 'node:fs'
import { Metadata, type ServiceError } from '@grpc/grpc-js'
import type { MessageTypeDefinition } from '@grpc/proto-loader'
import { describe, expect, it } from 'vitest'
import { callFailure, isLost, isQueryGone, isSessionGone, queryFailure } from '../../../src/spark/connect/failures.js'
import { protocol } from '../../../src/spark/connect/protocol.js'

/** What Spark 4.0.0, and one time 4.1.0, answered to calls that must fail. */
const RECORDED: Record<string, { code: number; details: string; status: string }> = JSON.parse(
  readFileSync(new URL('./recorded-failures.json', import.meta.url), 'utf8'),
)

function recorded(name: string) {
  const { code, details, status } = RECORDED[name]
  const metadata = new Metadata()
  metadata.set('grpc-status-details-bin', Buffer.from(status, 'base64'))
  return callFailure(Object.assign(new Error(details), { code, details, metadata }) as ServiceError, 'spark:15002')
}

/** As Spark answers with an error of a class, which nobody can make it do at will. */
function answered(errorClass: string) {
  const encode = (name: string, value: object) =>
    (protocol().definition[`spark.connect.${name}`] as MessageTypeDefinition<object, object>).serialize(value)
  const value = encode('ErrorInfo', { metadata: { errorClass } })
  const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value }]
  const metadata = new Metadata()
  metadata.set('grpc-status-details-bin', encode('Status', { message: `[${errorClass}] It is so.`, details }))
  const error = Object.assign(new Error(errorClass), { code: 13, details: errorClass, metadata })
  return callFailure(error as ServiceError, 'spark:15002')
}

function unanswered(code: number, details: string) {
  const error = Object.assign(new Error(details), { code, details, metadata: new Metadata() })
  return callFailure(error as ServiceError, 'spark:15002')
}

describe('an answer of Spark', () => {
  it.each([
    ['badSql', 'PARSE_SYNTAX_ERROR', "Spark says: [PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'."],
    [
      'noTable',
      'TABLE_OR_VIEW_NOT_FOUND',
      'Spark says: [TABLE_OR_VIEW_NOT_FOUND] The table or view `nope` cannot be found. Verify the spelling and correctness of the schema and catalog.',
    ],
  ])('is one sentence with its error class: %s', (name, errorClass, message) => {
    expect(recorded(name)).toMatchObject({ name: 'ExpectedError', message, errorClass, trouble: 'of Spark' })
  })

  it('says what to do where the connector of Kafka is missing', () => {
    const failure = recorded('noKafka')
    expect(failure.message).toMatch(/^Spark says: Failed to find data source: kafka/)
    expect(failure.suggestions).toEqual([expect.stringContaining('connector')])
    expect(failure.errorClass).toBeUndefined()
  })

  it.each(['sessionChanged', 'sessionClosed'])('tells that the session is gone: %s', (name) => {
    expect([isSessionGone, isQueryGone, isLost].map((is) => is(recorded(name)))).toEqual([true, false, false])
  })

  it.each(['noQuery', 'noQueryIn41'])('tells that a query is gone: %s', (name) => {
    const failure = recorded(name)
    expect([isSessionGone, isQueryGone, isLost].map((is) => is(failure))).toEqual([false, true, false])
  })
})

describe('an answer that was cut off, as its session or the server ended', () => {
  it.each(['INVALID_CURSOR.DISCONNECTED', 'INVALID_HANDLE.OPERATION_ABANDONED', 'OPERATION_CANCELED'])(
    'means that the server is lost: %s',
    (errorClass) => expect(isLost(answered(errorClass))).toBe(true),
  )
})

describe('no answer', () => {
  it.each([
    [14, 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1', 'nothing listens there'],
    [14, 'Name resolution failed for target dns:nope.invalid:15002', 'there is no such host'],
    [14, 'No connection established. Last error: self-signed certificate', 'its certificate is not trusted'],
    [14, 'No connection established. Last error: Protocol error', 'it does not speak gRPC, or wants TLS'],
    [13, 'Received RST_STREAM with code 2', 'no Spark Connect server answers at spark:15002'],
    [1, 'Call cancelled', 'no Spark Connect server answers at spark:15002'],
    [4, 'Deadline exceeded after 60s', 'does not answer in time'],
  ])('is told apart from one: %d %s', (code, details, words) => {
    const failure = unanswered(code, details)
    expect(failure.message).toContain(words)
    expect(failure.suggestions).toHaveLength(1)
    expect(isLost(failure)).toBe(true)
  })

  it.each([
    [16, 'does not let us in'],
    [12, 'is no Spark Connect server'],
    [8, 'too large'],
    [2, 'answered: reason'],
  ])('is no loss where connecting again does not help: %d', (code, words) => {
    const failure = unanswered(code, 'reason')
    expect(failure.message).toContain(words)
    expect(isLost(failure)).toBe(false)
  })
})

describe('what ended a query', () => {
  const PLAN = '\n=== Streaming Query ===\nIdentifier: [id = 1]\nLogical Plan:\n[SOME_COLUMN]'

  it('is nothing where nothing did', () => {
    expect(queryFailure({})).toBeUndefined()
  })

  it.each([
    [
      'org.apache.spark.sql.streaming.StreamingQueryException: [USER_RAISED_EXCEPTION] boom SQLSTATE: P0001',
      'USER_RAISED_EXCEPTION',
      'Spark says: [USER_RAISED_EXCEPTION] boom',
    ],
    [
      'org.apache.spark.sql.streaming.StreamingQueryException: [STREAM_FAILED] Query [id = 1, runId = 2] terminated with exception: Topic gone SQLSTATE: XXKST',
      'STREAM_FAILED',
      'Spark says: [STREAM_FAILED] Topic gone',
    ],
    [
      'org.apache.spark.sql.streaming.StreamingQueryException: Job aborted due to stage failure: Lost task 0.3 in stage 3.0: org.apache.kafka.common.errors.TimeoutException: 60000ms passed',
      'STREAM_FAILED',
      'Spark says: [STREAM_FAILED] 60000ms passed',
    ],
  ])('is its innermost cause', (exceptionMessage, errorClass, message) => {
    const failure = queryFailure({ exceptionMessage: exceptionMessage + PLAN, errorClass: 'STREAM_FAILED' })
    expect(failure).toMatchObject({ message, errorClass })
    expect(failure?.detail).toContain(PLAN)
  })

  it('is what our own SQL has refused, where it has, and not where its text stands in the plan', () => {
    const plan = `${PLAN}\nProject [cast(raise_error(USER_RAISED_EXCEPTION, dtstream refuses: a second run) as string)]`
    const of = (words: string) => queryFailure({ exceptionMessage: words + plan, errorClass: 'STREAM_FAILED' })
    const refused = of('[USER_RAISED_EXCEPTION] dtstream refuses: orbits fall SQLSTATE: P0001')
    expect(refused).toMatchObject({ message: 'orbits fall', trouble: 'refused' })
    expect(of('[STREAM_FAILED] Query [id = 1] terminated with exception: Topic gone SQLSTATE: XXKST')).toMatchObject({
      message: 'Spark says: [STREAM_FAILED] Topic gone',
      trouble: 'of Spark',
    })
  })

  it('is cut where it has no end', () => {
    expect(queryFailure({ exceptionMessage: 'x'.repeat(100_000) })?.message.length).toBeLessThan(500)
  })
})
