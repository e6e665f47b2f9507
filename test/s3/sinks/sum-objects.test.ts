import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rootJson } from '../../../src/core/interchange/root.js'
import { uhiJson } from '../../../src/core/interchange/uhi.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { openSink } from '../../../src/sinks/registry.js'
import { sumOf } from '../../support/lane-topic.js'
import { noLog } from '../../support/no-log.js'
import { chainedResult } from '../../support/results.js'
import { LocalS3 } from '../support/local-s3.js'
import { fillBucket, plainClient } from '../support/plain-client.js'

let server: LocalS3
beforeAll(async () => {
  server = await LocalS3.start()
  await fillBucket(plainClient(server), 'sums', {})
})
afterAll(() => server.stop())

it.each([
  ['root.json', rootJson],
  ['uhi.json', uhiJson],
])('an object .%s has the sum of all results as histograms', async (form, write) => {
  const Key = `runs/1228.${form}`
  const context = { log: noLog, stdout: process.stdout, group: 'test', s3: { endpoint: server.endpoint } }
  const results = [0, 1].map((n) => chainedResult(500, n))
  const sink = await openSink(`s3://sums/${Key}`, context)
  for (const result of results) await sink.write(result)
  await sink.close()
  const { Body } = await plainClient(server).send(new GetObjectCommand({ Bucket: 'sums', Key }))
  expect(await text(Body as Readable)).toBe(write(sumOf(results), DEFAULT_RUN))
})
