import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'
import { type WatchFace, watchFiles, watchTopic } from '../../src/watch/watch.js'
import { outgoing } from '../log/messages.js'
import { resultOfSize } from '../support/results.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const geometry = geometryDigest(DEFAULT_RUN)
const WAIT = { timeout: 10_000, interval: 20 }
const result = (n: number): Result => ({
  ...resultOfSize(160, n),
  source: [{ topic: 'data_raw', partition: 0, from: n, to: n + 1, watermark: n }],
})
const another = (n: number): Result => ({ ...result(n), geometry: 'another' })

let folder: string
let log: Log
beforeEach(async () => {
  folder = await temporaryFolder()
  log = await openEmbeddedLog(join(folder, 'log'))
  onTestFinished(() => log.close())
})

const append = (...values: (Result | string)[]) =>
  log.append('data_clean', [
    outgoing(
      0,
      values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
    ),
  ])

/** A face that keeps what it is given. */
function listener() {
  const numbers: number[] = []
  const lags: (number | undefined)[] = []
  const said: string[] = []
  const face: WatchFace = {
    add: ({ msg_ID }) => void numbers.push(msg_ID),
    setLag: (messages) => void lags.push(messages),
    message: (text) => void said.push(text),
  }
  return { numbers, lags, said, face }
}

it('waits for a topic that is not there yet, and says so', async () => {
  const { numbers, said, face } = listener()
  const stop = new AbortController()
  const watching = watchTopic({ log, topic: 'data_clean', from: 'beginning', geometry, signal: stop.signal, face })
  await vi.waitFor(() => expect(said).toEqual(['there is no topic data_clean yet: it is waited for']), WAIT)
  await log.createTopic({ name: 'data_clean', partitions: 1 })
  await append(result(0), result(1))
  await vi.waitFor(() => expect(numbers).toEqual([0, 1]), WAIT)
  await append(result(2))
  await vi.waitFor(() => expect(numbers).toEqual([0, 1, 2]), WAIT)
  stop.abort()
  await watching
})

it('passes over what is no result or of another geometry, and says how many at powers of two', async () => {
  await log.createTopic({ name: 'data_clean', partitions: 1 })
  await append('hello', ...[0, 1, 2, 3, 4].map(another), result(5), 'bye')
  const { numbers, said, face } = listener()
  const stop = new AbortController()
  const watching = watchTopic({ log, topic: 'data_clean', from: 'beginning', geometry, signal: stop.signal, face })
  await vi.waitFor(() => expect(said).toHaveLength(5), WAIT)
  stop.abort()
  await watching
  expect(numbers).toEqual([5])
  expect(said).toEqual([
    'passed over: 1 of what came is no result',
    'passed over: 1 of what came is of another geometry',
    'passed over: 2 of what came is of another geometry',
    'passed over: 4 of what came is of another geometry',
    'passed over: 2 of what came is no result',
  ])
})

it('tells the lag, and from the end only what is yet to come', async () => {
  await log.createTopic({ name: 'data_clean', partitions: 1 })
  await log.createTopic({ name: 'data_raw', partitions: 1 })
  await log.append('data_raw', [outgoing(0, ['a', 'b', 'c', 'd'])])
  await append(result(0))
  const { numbers, lags, face } = listener()
  const stop = new AbortController()
  const watching = watchTopic({ log, topic: 'data_clean', from: 'end', geometry, signal: stop.signal, face })
  await vi.waitFor(() => expect(lags).toContain(undefined), WAIT)
  await append(result(1))
  await vi.waitFor(() => expect(lags).toContain(2), WAIT)
  expect(numbers).toEqual([1])
  stop.abort()
  await watching
})

it('shows the results of files, and stops when it shall', async () => {
  const file = join(folder, 'results.ndjson')
  await writeFile(file, [result(0), another(1), result(2)].map((one) => `${JSON.stringify(one)}\n`).join(''))
  const { numbers, said, face } = listener()
  const noLog = () => Promise.reject(new Error('no log is needed'))
  await watchFiles([file], { log: noLog }, { geometry, signal: new AbortController().signal, face })
  expect(numbers).toEqual([0, 2])
  expect(said).toEqual(['passed over: 1 of what came is of another geometry'])
  await watchFiles([file], { log: noLog }, { geometry, signal: AbortSignal.abort(), face })
  expect(numbers).toEqual([0, 2])
})
