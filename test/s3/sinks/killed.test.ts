import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Result } from '../../../src/core/results/result.js'
import { type Bucket, openBucket } from '../../../src/s3/bucket.js'
import { readResults } from '../../../src/sources/results/read-results.js'
import { writeUntilKilled } from '../../sinks/children/write-until-killed.js'
import { noLog } from '../../support/no-log.js'
import { chainedResult, expectSameResults } from '../../support/results.js'
import { seeded } from '../../support/stream.js'
import { LocalS3 } from '../support/local-s3.js'
import { fillBucket, plainClient } from '../support/plain-client.js'

const KILLS = 20

let server: LocalS3
let bucket: Bucket
beforeAll(async () => {
  server = await LocalS3.start()
  await fillBucket(plainClient(server), 'killed', {})
  bucket = await openBucket('s3://killed', { endpoint: server.endpoint })
})
afterAll(async () => {
  await bucket.close()
  await server.stop()
})

it(`a process that writes objects, killed ${KILLS} times at random, leaves each whole and once`, {
  timeout: 240_000,
}, async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e6)
  console.log(`objects, a writer killed: SEED=${seed}`)
  const random = seeded(seed)
  let last = 0
  for (let kill = 0; kill < KILLS; kill++)
    last = Math.max(
      last,
      await writeUntilKilled(['s3://killed', String(Math.max(0, last - 1)), server.endpoint], random),
    )

  const foreign: unknown[] = []
  const results: Result[] = []
  const s3 = { endpoint: server.endpoint }
  const context = { log: noLog, onForeign: (one: unknown) => foreign.push(one), s3 }
  for await (const result of readResults(['s3://killed/results/'], context)) results.push(result)
  expect(foreign).toEqual([])
  expect(results.length).toBeGreaterThan(last)
  expect(results.length).toBeLessThanOrEqual(last + 2)
  expectSameResults(
    results,
    Array.from({ length: results.length }, (_, i) => chainedResult(20_000, i)),
  )
  const hits = await bucket.list('hits/run=0/hour=0/')
  expect(hits.length).toBeGreaterThan(last)
  // one for each number, whose orbit alone tells them apart
  expect(new Set(hits.map(({ key }) => key.split('.')[3])).size).toBe(hits.length)
  console.log(`${results.length} results and ${hits.length} objects of hits`)
})
