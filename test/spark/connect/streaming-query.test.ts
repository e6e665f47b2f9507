import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isLost, isQueryGone, isSessionGone } from '../../../src/spark/connect/failures.js'
import type { StreamStart } from '../../../src/spark/connect/messages.js'
import { readStream, sql, withWatermark } from '../../../src/spark/connect/relations.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { LocalSpark } from '../support/local-spark.js'

const PATIENCE = { timeout: 60_000, interval: 100 }
const RATE = readStream({ format: 'rate', options: { rowsPerSecond: '50' } })
const COUNTS = "SELECT window(timestamp, '1 second') AS second, count(*) AS rows FROM ticks GROUP BY 1"

let spark: LocalSpark
let session: SparkSession
beforeAll(async () => {
  spark = await LocalSpark.start()
  session = await newSession()
})
afterAll(async () => {
  session?.close()
  await spark?.stop()
})

async function newSession(): Promise<SparkSession> {
  const made = new SparkSession(spark.endpoint)
  await made.createView('ticks', withWatermark(RATE, 'timestamp', '0 seconds'))
  return made
}

function start(queryName: string, query = COUNTS): StreamStart {
  const options = { checkpointLocation: join(spark.folder, 'checkpoints', queryName) }
  return {
    input: sql(query),
    format: 'noop',
    options,
    outputMode: 'append',
    queryName,
    processingTimeInterval: '200 milliseconds',
  }
}

describe('a streaming query', () => {
  it('reports how it gets on, and stops', async () => {
    const query = await session.startStream(start('counts'))
    await vi.waitUntil(async () => (await query.progress()).some(({ watermarkMs }) => watermarkMs), PATIENCE)
    expect(await query.status()).toMatchObject({ isActive: true })
    expect(await query.exception()).toBeUndefined()
    expect(await session.activeQueries()).toContainEqual({ ...query.queryId, name: 'counts' })
    const reports = await query.progress()
    expect(reports.map(({ batchId }) => batchId)).toEqual(reports.map((_, k) => k))
    const latest = reports.at(-1)
    expect(latest).toMatchObject({ runId: query.queryId.runId, name: 'counts' })
    expect(latest?.durationMs.triggerExecution).toBeGreaterThan(0)
    expect(reports.reduce((sum, { numInputRows }) => sum + numInputRows, 0)).toBeGreaterThan(0)
    expect(latest?.stateOperators).toMatchObject([{ operatorName: 'stateStoreSave', numRowsDroppedByWatermark: 0 }])
    expect(latest?.stateOperators[0].memoryUsedBytes).toBeGreaterThan(0)

    await query.stop()
    expect(await query.status()).toMatchObject({ isActive: false })
    expect(await query.exception()).toBeUndefined()
    expect(await session.activeQueries()).toEqual([])
  })

  it('says what ended it', async () => {
    const query = await session.startStream(start('broken', "SELECT raise_error('boom') FROM ticks"))
    await vi.waitUntil(async () => !(await query.status()).isActive, PATIENCE)
    expect(await query.exception()).toMatchObject({
      message: 'Spark says: [USER_RAISED_EXCEPTION] boom',
      errorClass: 'USER_RAISED_EXCEPTION',
    })
  })

  it('is refused where Spark cannot do it', async () => {
    await expect(
      session.startStream({ ...start('sorted'), outputMode: 'complete', input: sql('SELECT * FROM ticks') }),
    ).rejects.toMatchObject({
      name: 'ExpectedError',
      message: expect.stringMatching(/^Spark says: .*complete/i),
    })
  })

  it('ends by itself where it takes what is there', async () => {
    const { processingTimeInterval: _, ...rest } = start('once')
    const query = await session.startStream({ ...rest, availableNow: true })
    await vi.waitUntil(async () => !(await query.status()).isActive, PATIENCE)
    expect(await query.exception()).toBeUndefined()
  })

  it('is known to nobody else', async () => {
    const query = await session.startStream(start('own'))
    const other = await newSession()
    const error = await other
      .query(query.queryId)
      .status()
      .catch((error) => error)
    expect(isQueryGone(error)).toBe(true)
    await query.stop()
    await other.release()
    other.close()
  })

  it('is taken up by another client, and goes from its checkpoint', async () => {
    const left = await newSession()
    const { queryId } = await left.startStream(start('left'))
    left.close()
    const later = new SparkSession(spark.endpoint, left.identity)
    const query = later.query(queryId)
    await vi.waitUntil(async () => (await query.progress()).length > 1, PATIENCE)
    await query.stop()
    const again = await later.startStream(start('left'))
    expect(again.queryId.id).toBe(queryId.id)
    expect(again.queryId.runId).not.toBe(queryId.runId)
    await later.release()
    await expect(again.status()).rejects.toMatchObject({ trouble: 'session gone' })
    later.close()
  })
})

it('tells a server that was killed from one that was restarted', async () => {
  const lost = await newSession()
  const query = await lost.startStream(start('lost'))
  spark.kill()
  const error = await vi.waitUntil(
    async () =>
      query.status().then(
        () => undefined,
        (error) => error,
      ),
    PATIENCE,
  )
  expect(isLost(error)).toBe(true)
  await spark.restart()
  const gone = await vi.waitUntil(async () => {
    const error = await query.status().catch((error) => error)
    return isLost(error) ? undefined : error
  }, PATIENCE)
  expect(isSessionGone(gone)).toBe(true)
  lost.close()
  const anew = await newSession()
  const again = await anew.startStream(start('lost'))
  expect(again.queryId.id).toBe(query.queryId.id)
  await anew.release()
  anew.close()
})
