import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { rootJson } from '../../src/core/interchange/root.js'
import type { Result } from '../../src/core/results/result.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../src/dashboard/model.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'
import { checkHealth } from '../../src/watch/check-health.js'
import { Lag } from '../../src/watch/lag.js'
import { takeSnapshot } from '../../src/watch/snapshot.js'
import { type WatchFace, watchTopic } from '../../src/watch/watch.js'
import { outgoing } from '../log/messages.js'
import { messagesOf, sparkResults } from '../support/spark-job.js'
import { denseRows } from '../support/stream.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const ROWS = denseRows(5, 600, 70_000).map(({ text }) => text)
const HITS = ROWS.filter((row) => /^2,[01],([0-9]{1,2}|1[01][0-9]|12[0-7]),/.test(row)).length
/** In two partitions, with offsets without a message between micro-batches. */
const PARTITIONS = [0, 1].map((partition) =>
  messagesOf(ROWS.filter((_, i) => i % 2 === partition)).map(({ offset, records }) => ({
    offset: offset + Math.floor(offset / 100),
    records,
  })),
)

let folder: string
let log: Log
let notes: string[]
beforeEach(async () => {
  folder = await temporaryFolder()
  log = await openEmbeddedLog(join(folder, 'log'))
  notes = []
  onTestFinished(() => log.close())
})

const append = (topic: string, values: readonly (Result | string)[], partition = 0) => {
  const texts = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  return log.append(topic, [outgoing(partition, texts, { keyedByOrbit: false })])
}

function take(from: string) {
  const topic = from.startsWith('topic:') ? from.slice(6) : undefined
  const signal = new AbortController().signal
  const note = (text: string) => void notes.push(text)
  return takeSnapshot({ from: [from], topic, run: DEFAULT_RUN, context: { log: async () => log }, signal, note })
}

describe('a snapshot of what a Spark job has sent', () => {
  const { rows, windows } = sparkResults({ partitions: PARTITIONS })
  const sent = [...rows, ...windows, rows[1]]

  it('has rows by class, hits by chamber, no gap and no alarm, of a topic', async () => {
    await log.createTopic({ name: 'data_clean', partitions: 1 })
    await append('data_clean', sent)
    const snapshot = (await take('topic:data_clean')) ?? expect.fail()
    const { view, sum } = snapshot
    expect(view.rows).toMatchObject({ read: ROWS.length, hits: HITS })
    expect(view.chambers.reduce((total, { hits }) => total + hits, 0)).toBe(HITS)
    expect(view).toMatchObject({ results: sent.length - 1, repeated: 1, gaps: 0 })
    expect(sum).toMatchObject({ hit_count: HITS, rows: { hits: HITS } })
    expect(checkHealth(snapshot)).toMatchObject({ ok: true, alarms: [] })
    expect(rootJson(sum, DEFAULT_RUN).length).toBeGreaterThan(1000)
    expect(notes).toEqual([])
  })

  it('has the same of files, whatever their order', async () => {
    const file = join(folder, 'job.ndjson')
    await writeFile(
      file,
      [...sent]
        .reverse()
        .map((one) => `${JSON.stringify(one)}\n`)
        .join(''),
    )
    const snapshot = (await take(file)) ?? expect.fail()
    expect(snapshot.view).toMatchObject({ rows: { read: ROWS.length, hits: HITS }, repeated: 1, gaps: 0 })
    expect(snapshot.view.chambers.reduce((total, { hits }) => total + hits, 0)).toBe(HITS)
    expect(checkHealth(snapshot)).toMatchObject({ ok: true, alarms: [] })
  })
})

it('the lag of a Spark job is what no result of rows covers', async () => {
  await log.createTopic({ name: 'data_raw', partitions: 1 })
  await append('data_raw', ROWS.slice(0, 250))
  const { rows, windows } = sparkResults({ partitions: [messagesOf(ROWS.slice(0, 250))] })
  const lag = new Lag(log)
  for (const window of windows) lag.add(window)
  expect(await lag.messages()).toBeUndefined()
  for (const [i, left] of [150, 50, 0].entries()) {
    lag.add(rows[i])
    expect(await lag.messages()).toBe(left)
  }
})

it('watching a topic ends with a sentence where two jobs count the same rows', async () => {
  await log.createTopic({ name: 'data_clean', partitions: 1 })
  const one = sparkResults({ partitions: PARTITIONS })
  const other = sparkResults({ partitions: PARTITIONS, group: 'other', perBatch: 130 })
  await append('data_clean', [...one.rows, ...other.rows])
  const model = new DashboardModel(DEFAULT_RUN)
  const face: WatchFace = { add: (result) => void model.add(result, Date.now()), setLag() {}, message() {} }
  const signal = AbortSignal.timeout(30_000)
  const watching = watchTopic({
    ...{ log, topic: 'data_clean', from: 'beginning', geometry: geometryDigest(DEFAULT_RUN), signal, face },
  })
  await expect(watching).rejects.toThrow(
    /^rows of data_raw\/0 from 0 up to 131 would be counted twice: by two Spark jobs$/,
  )
})
