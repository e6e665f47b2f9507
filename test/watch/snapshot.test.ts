import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { rootJson } from '../../src/core/interchange/root.js'
import { uhiJson } from '../../src/core/interchange/uhi.js'
import type { Result } from '../../src/core/results/result.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'
import { type SnapshotOptions, takeSnapshot } from '../../src/watch/snapshot.js'
import { snapshotForm } from '../../src/watch/snapshot-forms.js'
import { evenCells, result as made } from '../dashboard/made-up.js'
import { alarm } from '../dashboard/terminal/made-up-health.js'
import { outgoing } from '../log/messages.js'
import { resultOfSize } from '../support/results.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const END = Date.UTC(2026, 2, 1, 12)
const result = (n: number): Result => ({
  ...resultOfSize(160, n),
  interval: { start: new Date(END + (n - 1) * 1000).toISOString(), end: new Date(END + n * 1000).toISOString() },
  source: [{ topic: 'data_raw', partition: 0, from: n, to: n + 1, watermark: n }],
})

let folder: string
let log: Log
let notes: string[]
beforeEach(async () => {
  folder = await temporaryFolder()
  log = await openEmbeddedLog(join(folder, 'log'))
  notes = []
  onTestFinished(() => log.close())
})

const append = (...values: (Result | string)[]) =>
  log.append('data_clean', [
    outgoing(
      0,
      values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
    ),
  ])

function take(options: Partial<SnapshotOptions> = {}) {
  const given = { from: ['topic:data_clean'], topic: 'data_clean', run: DEFAULT_RUN, context: { log: async () => log } }
  const signal = new AbortController().signal
  return takeSnapshot({ ...given, signal, note: (text) => notes.push(text), ...options })
}

async function file(...results: (Result | string)[]): Promise<Partial<SnapshotOptions>> {
  const name = join(folder, 'results.ndjson')
  await writeFile(name, results.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''))
  return { from: [name], topic: undefined }
}

it('a snapshot of files has all of them, as things stood at their end', async () => {
  const snapshot = await take(await file(result(1), 'hello', result(2), result(2), result(3)))
  expect(snapshot?.view).toMatchObject({ atMs: END + 3000, state: 'live', results: 3, repeated: 1, ageMs: undefined })
  expect(snapshot?.sum).toMatchObject({ hit_count: 30, source: [{ from: 1, to: 4 }] })
  expect(snapshot?.view.chambers[0].rate).toBeGreaterThan(0)
  expect(notes).toEqual(['passed over: 1 of what came is no result'])
})

it('a snapshot of a topic has what it holds, as things stand now, and the lag', async () => {
  await log.createTopic({ name: 'data_clean', partitions: 1 })
  await log.createTopic({ name: 'data_raw', partitions: 1 })
  await log.append('data_raw', [outgoing(0, ['a', 'b', 'c', 'd', 'e'])])
  await append(result(0), result(1))
  const before = Date.now()
  const snapshot = await take()
  expect(snapshot?.view).toMatchObject({ state: 'stale', results: 2, lagMessages: 3 })
  expect(snapshot?.view.atMs).toBeGreaterThanOrEqual(before)
  expect(snapshot?.sum.hit_count).toBe(20)
})

it('a snapshot is compared with a reference', async () => {
  const files = await file(made({ cells: [1, 2, 3, 4].map(() => evenCells(1000)) }))
  const reference = (await take(files))?.sum
  expect((await take(files))?.view.health.comparisons).toEqual([])
  const [first] = (await take({ ...files, reference }))?.view.health.comparisons ?? []
  expect(first).toMatchObject({ histogram: 'occupancy', chamber: 0, chi2: 0, kolmogorov: 0 })
})

it('a topic that is not there yet, or has no result yet, is waited for', async () => {
  const taking = take({ patienceMs: 60_000 })
  await sleep(300)
  await log.createTopic({ name: 'data_clean', partitions: 1 })
  await append('hello')
  await sleep(300)
  await append(result(1))
  expect((await taking)?.view.results).toBe(1)
  expect(notes).toEqual(['passed over: 1 of what came is no result'])
})

it('where nothing comes, it says what there is not', async () => {
  await expect(take({ patienceMs: 0 })).rejects.toThrow(/no topic data_clean/)
  await log.createTopic({ name: 'data_clean', partitions: 1 })
  await append({ ...result(0), geometry: 'another' })
  await expect(take({ patienceMs: 300 })).rejects.toThrow("there is no result of run file 'minidt' in topic:data_clean")
  expect(notes).toEqual(['passed over: 1 of what came is of another geometry'])
  await expect(take(await file())).rejects.toThrow(/there is no result of run file 'minidt'/)
})

it('a signal ends the waiting', async () => {
  const stop = new AbortController()
  const taking = take({ patienceMs: 60_000, signal: stop.signal })
  await sleep(100)
  stop.abort()
  expect(await taking).toBeUndefined()
})

it('is text with the alarms below, or JSON that holds the view and the sum', async () => {
  const taken = (await take(await file(result(1)))) ?? expect.fail()
  const health = { ...taken.view.health, alarms: [alarm({ text: 'too\x1bhot', sinceMs: END })] }
  const snapshot = { ...taken, view: { ...taken.view, health } }
  const lines = String(await snapshotForm('a.b.txt')(snapshot)).split('\n')
  expect(lines.length).toBe(42)
  expect(lines[0]).toMatch(/^ dtstream {2}\S*results\.ndjson.* ▲ 1 alarm {2}● live {2}cumulative$/)
  expect(lines[39]).toBe(' 2026-03-01T12:00:01.000Z')
  expect(lines[40]).toBe('▲ too?hot (since 2026-03-01T12:00:00.000Z)')
  expect(await snapshotForm('-')(snapshot)).toBe(lines.join('\n'))
  const json = JSON.parse(String(await snapshotForm('.json')(snapshot)))
  expect(json).toMatchObject({ schema: 'dtstream.snapshot/1', title: snapshot.title, sum: { hit_count: 10 } })
  expect(json.view).toEqual(JSON.parse(JSON.stringify(snapshot.view)))
})

it('is histograms for ROOT or scikit-hep', async () => {
  const snapshot = (await take(await file(result(1)))) ?? expect.fail()
  expect(await snapshotForm('a.root.json')(snapshot)).toBe(rootJson(snapshot.sum, DEFAULT_RUN))
  expect(await snapshotForm('a.uhi.json')(snapshot)).toBe(uhiJson(snapshot.sum, DEFAULT_RUN))
})

it('a name that says nothing of the form is refused', () => {
  for (const name of ['x', 'x.pdf', 'png', '.png/x', '']) expect(() => snapshotForm(name)).toThrow(/does not say/)
})
