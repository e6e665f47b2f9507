import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { openBucket } from '../../src/s3/bucket.js'
import { openSink } from '../../src/sinks/registry.js'
import { readParts } from '../../src/sources/read-parts.js'
import { openSources } from '../../src/sources/registry.js'
import { rowsOf } from '../support/distributed.js'
import { noLog } from '../support/no-log.js'
import { recordHits } from '../support/recorded-hits.js'
import { chainedResult } from '../support/results.js'
import { isEvent } from '../support/stream.js'
import { FaultProxy } from './support/fault-proxy.js'
import { LocalS3 } from './support/local-s3.js'
import { fillBucket, plainClient } from './support/plain-client.js'

let server: LocalS3
beforeAll(async () => {
  server = await LocalS3.start()
  await fillBucket(plainClient(server), 'hits', { 'there.ndjson': 'kept' })
})
afterAll(() => server.stop())

it.each(['parquet', 'arrow'])('hits in %s objects come back as the rows that they were, run by run', async (format) => {
  const s3 = { endpoint: server.endpoint }
  const content = {
    seed: 9,
    grace: 64,
    partitions: 3,
    orbits: 300,
    mostApart: 30,
    start: 7,
    runs: 2,
    how: 'random' as const,
  }
  const rows = rowsOf(content)
  await recordHits(`s3://hits/${format}?format=${format}`, rows, { lanes: 3, rowsPerPart: 100, s3 })
  const runs: string[][] = [[]]
  const parts = await openSources([`s3://hits/${format}/`], { run: DEFAULT_RUN, log: noLog, s3 })
  expect(parts).toHaveLength(1)
  for await (const { rows: block, endsRun } of readParts(parts)) {
    const { head, fpga, channel, orbit, bx, tdc } = block.columns
    if (endsRun) runs.push([])
    for (let i = 0; i < block.length; i++)
      runs.at(-1)?.push([head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]].join())
  }
  expect(runs).toHaveLength(2)
  for (const [run, lines] of runs.entries()) {
    const own = rows.filter((row) => row.run === run && isEvent(row)).map(({ text }) => text)
    expect(lines.sort()).toEqual(own.sort())
  }
})

it('one object of results never replaces another', async () => {
  const context = { log: noLog, stdout: process.stdout, group: 'test', s3: { endpoint: server.endpoint } }
  await expect(openSink('s3://hits/there.ndjson', context)).rejects.toMatchObject({
    name: 'ExpectedError',
    message: 's3://hits/there.ndjson exists already, and no object is ever replaced',
  })
  const [one, other] = [
    await openSink('s3://hits/new.ndjson', context),
    await openSink('s3://hits/new.ndjson', context),
  ]
  await one.write(chainedResult(100, 0))
  await other.write(chainedResult(100, 1))
  await one.close()
  await expect(other.close()).rejects.toThrow('exists already')
  await other.abort()
})

it('one object of results is there where the answer to its writing was lost', async () => {
  const proxy = await FaultProxy.start(server.port)
  const context = { log: noLog, stdout: process.stdout, group: 'test', s3: { endpoint: proxy.endpoint } }
  const sink = await openSink('s3://hits/lost.ndjson', context)
  await sink.write(chainedResult(100, 0))
  proxy.faults.push({ after: 0, how: 'reset' })
  await sink.close()
  expect(proxy.faults).toEqual([])
  await proxy.stop()
  const bucket = await openBucket('s3://hits', { endpoint: server.endpoint })
  const [object] = await bucket.list('lost.ndjson')
  expect(object.size).toBe(JSON.stringify(chainedResult(100, 0)).length + 1)
  await bucket.close()
})
