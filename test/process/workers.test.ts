import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareCounts } from '../../src/core/results/compare.js'
import type { Result } from '../../src/core/results/result.js'
import { outgoing } from '../log/messages.js'
import { CollectedStream } from '../support/collected-stream.js'
import { sumOf } from '../support/lane-topic.js'
import { truthOf, Workshop } from '../support/processing.js'
import { seeded } from '../support/stream.js'

const ROWS = 10_000
const SOURCE = `sim:?seed=5&rows=${ROWS}`
let truth: Result
beforeAll(async () => {
  truth = await truthOf(SOURCE)
})

/** No result twice, and all of them together are the batch analysis. */
function expectWhole(results: Result[], expected = truth): void {
  const sum = sumOf(results)
  // of each lane one stretch, without a gap
  expect(sum.source.map(({ from }) => from)).toEqual(sum.source.map(() => 0))
  expect(sum.orbits.count).toBe(expected.orbits.count)
  expect(compareCounts(expected, sum)).toEqual([])
}

describe('results are those of the batch analysis', () => {
  it.each([
    [1, 1],
    [3, 2],
    [3, 4],
    [10, 3],
  ])('with %i partitions and %i workers', async (partitions, workers) => {
    const shop = await Workshop.open(partitions)
    await shop.replay(SOURCE)
    const running = await shop.start({ workers })
    await shop.untilRead()
    expect(await running.stop()).toMatchObject({ lanes: partitions, read: ROWS, late: 0, malformed: 0, lag: 0 })
    expect(running.warnings).toEqual([])
    expectWhole(await shop.results('topic:data_clean'))
    expect(await shop.audit()).toMatchObject({ verdict: 'exact', rows: ROWS, pending: 0, late: 0 })
  })
})

const WHY = "TypeError: Cannot read properties of undefined (reading 'partition')"

/**
 * Makes a thread die of an error that nobody catches. (One that is ended from outside in the midst of a call into lmdb may
 * take the process with it.)
 */
async function kill(thread: Worker): Promise<void> {
  thread.postMessage({ type: 'open' })
  await new Promise((resolve) => thread.once('exit', resolve))
}

describe('a worker that dies', () => {
  it('is replaced, and nothing is lost or doubled in the topic and the file', async () => {
    const seed = Date.now() % 1e6
    console.log(`workers dying: seed ${seed}`)
    const random = seeded(seed)
    const shop = await Workshop.open(3)
    const file = join(shop.folder, 'results.ndjson')
    const stdout = new CollectedStream()
    const to = ['topic:data_clean', file, 'stdout:']
    const running = await shop.start({ workers: 2, to, stdout, lane: { intervalMs: 20 } })
    const replaying = shop.replay(SOURCE, 5000)
    for (let death = 0; death < 4; death++) {
      await sleep(200 + random() * 250)
      await kill(running.pool.threads[Math.floor(random() * 2)])
    }
    await replaying
    await shop.untilRead()
    await running.stop()
    expect(running.warnings).toHaveLength(4)
    for (const warning of running.warnings)
      expect(warning).toMatch(/^worker [01] died \(TypeError: .*\) and is replaced$/)
    const results = await shop.results('topic:data_clean')
    expectWhole(results)
    expect(await shop.audit()).toMatchObject({ verdict: 'exact', rows: ROWS, late: 0 })
    const inOrder = (list: Result[]) => list.map((result) => JSON.stringify(result)).sort()
    expect(inOrder(await shop.results(file))).toEqual(inOrder(results))
    expect(stdout.text.trim().split('\n').sort()).toEqual(inOrder(results))
  })

  it('is replaced while results go to a file alone, and the file is whole', async () => {
    const shop = await Workshop.open(3)
    const file = join(shop.folder, 'results.arrow')
    const running = await shop.start({ to: [file], lane: { intervalMs: 20 } })
    const replaying = shop.replay(SOURCE, 5000)
    for (let death = 0; death < 3; death++) {
      await sleep(500)
      await kill(running.pool.threads[death % 2])
    }
    await replaying
    await running.untilCaughtUp()
    expect(existsSync(file)).toBe(false)
    await running.stop()
    expectWhole(await shop.results(file))
    expect(readdirSync(shop.folder).sort()).toEqual(['log', 'results.arrow'])
  })

  it('again and again ends the run', async () => {
    const shop = await Workshop.open(1)
    const running = await shop.start()
    const dying = setInterval(() => void kill(running.pool.threads[0]), 20)
    await expect(running.ended).rejects.toMatchObject({
      name: 'ExpectedError',
      message: `workers keep dying, the last one of this: ${WHY}`,
      suggestions: ['nothing is lost: what was committed stays, and the next run goes on there'],
    })
    clearInterval(dying)
    expect(running.warnings).toHaveLength(4)
  })

  it('while the last results are sent ends the run, and the next one has them', async () => {
    const shop = await Workshop.open(1)
    await shop.replay(SOURCE)
    const file = join(shop.folder, 'results.ndjson')
    const running = await shop.start({ to: [file], lane: { intervalMs: 3_600_000 } })
    await running.untilCaughtUp()
    const stopped = running.stop()
    await kill(running.pool.threads[0])
    await expect(stopped).rejects.toThrow(`worker 0 died (${WHY}) before it had sent its last results`)
    expect(readdirSync(shop.folder)).toEqual(['log'])
    const again = await shop.start({ to: [file] })
    await again.untilCaughtUp()
    await again.stop()
    expectWhole(await shop.results(file))
  })
})

describe('a run that cannot go on', () => {
  const failing = () =>
    new Writable({
      write: (_chunk, _encoding, callback) => callback(Object.assign(new Error('no'), { code: 'ENOSPC' })),
    })

  it('because a sink fails says so, commits nothing beyond it, and leaves no file', async () => {
    const shop = await Workshop.open(1)
    await shop.replay(SOURCE)
    const to = ['topic:data_clean', join(shop.folder, 'results.ndjson'), 'stdout:']
    const running = await shop.start({ to, stdout: failing() })
    await expect(running.ended).rejects.toMatchObject({
      name: 'ExpectedError',
      message: 'cannot write stdout: the disk is full',
      suggestions: ['make room, or write to another disk'],
    })
    expect(await shop.results('topic:data_clean')).toEqual([])
    expect((await shop.log.groups('data_raw'))[0].lanes[0]).toMatchObject({ nextOffset: 0, holder: undefined })
    expect(readdirSync(shop.folder)).toEqual(['log'])
  })

  it('because a sink fails with the very last results says so, too', async () => {
    const shop = await Workshop.open(1)
    await shop.replay(SOURCE)
    const running = await shop.start({ to: ['stdout:'], stdout: failing(), lane: { intervalMs: 3_600_000 } })
    await running.untilCaughtUp()
    await expect(running.stop()).rejects.toThrow('cannot write stdout: the disk is full')
    expect((await shop.log.groups('data_raw'))[0].lanes[0]).toMatchObject({ nextOffset: 0 })
  })

  it('because its topic of results is gone says so, with the very last results, too', async () => {
    const shop = await Workshop.open(1)
    await shop.replay(SOURCE)
    const running = await shop.start({ lane: { intervalMs: 3_600_000 } })
    await running.untilCaughtUp()
    await shop.log.deleteTopic('data_clean')
    await expect(running.stop()).rejects.toThrow('there is no topic data_clean')
  })

  it.each([
    ['a group has no proper name', { group: '\n' }, /can't be the name of a group/],
    [
      'a record cannot be read, with strict',
      { lane: { strict: true } },
      /^cannot be read as a record: data_raw\/0 offset 0: bad$/,
    ],
    ['there are two topics of results', { to: ['topic:a', 'topic:b'] }, /^results can be committed to one topic only$/],
  ])('because %s leaves no file behind', async (_name, changes, message) => {
    const shop = await Workshop.open(1)
    await shop.log.append('data_raw', [outgoing(0, ['bad'])])
    const file = join(shop.folder, 'results.ndjson')
    const started = shop.start({ ...changes, to: [file, ...('to' in changes ? changes.to : [])] })
    await expect(started.then(({ ended }) => ended)).rejects.toThrow(message)
    expect(readdirSync(shop.folder)).toEqual(['log'])
  })

  it('because rows that are not keyed by orbit come to lanes apart names the ways out', async () => {
    const shop = await Workshop.open(2)
    const { ended } = await shop.start({ to: [join(shop.folder, 'results.ndjson')] })
    await shop.log.append('data_raw', [outgoing(1, ['2,0,7,1,1,1'], { keyedByOrbit: false })])
    await expect(ended).rejects.toMatchObject({
      message: 'there are rows in data_raw/1 that are not keyed by orbit, so its partitions cannot be folded apart',
      suggestions: [
        'start again with one worker, and a --group of its own: it folds all partitions as one lane',
        'dtstream replay --from topic:data_raw --to topic:NAME makes a copy keyed by orbit, which any number of workers can share',
      ],
    })
    expect(readdirSync(shop.folder)).toEqual(['log'])
  })
})

describe('several processes', () => {
  it('of one group: the second says who has the lanes, and takes over where the first stopped', async () => {
    const shop = await Workshop.open(3)
    const first = await shop.start({ workers: 1 })
    const second = await shop.start({ workers: 1 })
    await shop.replay(SOURCE)
    await shop.untilRead()
    while (second.warnings.length === 0) await sleep(20)
    expect(second.warnings).toEqual([expect.stringMatching(/held in group dtstream by process \d+ on /)])
    expect(await first.stop()).toMatchObject({ read: ROWS })
    const more = 'sim:?seed=6&rows=2000'
    await shop.replay(more)
    await shop.untilRead()
    expect(await second.stop()).toMatchObject({ read: 2000 })
    expectWhole(await shop.results('topic:data_clean'), sumOf([truth, await truthOf(more)]))
    expect(await shop.audit()).toMatchObject({ verdict: 'exact', rows: ROWS + 2000 })
  })

  it('of two groups have all rows each, in topics of their own', async () => {
    const shop = await Workshop.open(3)
    const groups = ['a', 'a/b']
    const running = await Promise.all(groups.map((group) => shop.start({ group, to: [`topic:clean_${group.length}`] })))
    await shop.replay(SOURCE)
    await Promise.all(groups.map((group) => shop.untilRead(group)))
    await Promise.all(running.map(({ stop }) => stop()))
    for (const group of groups) {
      const clean = `clean_${group.length}`
      expectWhole(await shop.results(`topic:${clean}`))
      expect(await shop.audit(clean, group)).toMatchObject({ verdict: 'exact', rows: ROWS })
    }
  })
})

it('an audit while rows are processed is exact at any moment', async () => {
  const shop = await Workshop.open(3)
  const running = await shop.start({ lane: { intervalMs: 10 } })
  let replayed = false
  const replaying = shop.replay(SOURCE, 5000).then(() => {
    replayed = true
  })
  while ((await shop.results('topic:data_clean')).length === 0) await sleep(20)
  do expect(await shop.audit()).toMatchObject({ verdict: 'exact' })
  while (!replayed)
  await replaying
  await running.stop()
})
