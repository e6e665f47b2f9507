import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import { memberKey } from '../../../src/log/embedded/keys.js'
import { type LeaseRecord, readLeases, takeLane } from '../../../src/log/embedded/leases.js'
import { ownIdentity, processState } from '../../../src/log/embedded/process-identity.js'
import { putJson, readJson } from '../../../src/log/embedded/records.js'
import { Store } from '../../../src/log/embedded/store.js'
import { type Lane, LaneLostError } from '../../../src/log/log.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { laneState, outgoing, valuesOf } from '../messages.js'
import { Child } from './child.js'

const SILENCE_MS = 1000
/** So long that a member which is heard is never taken for silent, however busy the machine. */
const NEVER_MS = 1_000_000
const WAIT = { timeout: 15_000, interval: 20 }

/** A log of two lanes, all held by a child that has committed once on each. */
async function heldLog(silenceMs: number) {
  const folder = await temporaryFolder()
  const log = await openEmbeddedLog(folder, { silenceMs })
  await log.createTopic({ name: 't', partitions: 2 })
  await log.createTopic({ name: 'results', partitions: 1 })
  const child = new Child('holder', folder, silenceMs)
  expect(await child.next()).toEqual({ joined: 2 })
  child.tell('commit')
  expect([await child.next(), await child.next()]).toEqual([{ committed: 0 }, { committed: 1 }])
  const lanes: Lane[] = []
  const said: string[] = []
  const onLane = (lane: Lane) => lanes.push(lane)
  const joined = {
    group: 'g',
    topic: 't',
    whole: false,
    member: 'the test',
    onLane,
    onWaiting: (line: string) => said.push(line),
  }
  return { folder, log, child, lanes, said, join: () => log.joinGroup(joined) }
}

/** SIGSTOP, but not while it writes: then nobody could. */
async function stopOutside(child: Child, folder: string): Promise<void> {
  for (;;) {
    child.signal('SIGSTOP')
    await vi.waitFor(() => expect(processState(child.pid)).toBe('stopped'), WAIT)
    if (!readFileSync(join(folder, 'writer'), 'latin1').startsWith(`${child.pid} `)) return
    child.signal('SIGCONT')
    await sleep(5)
  }
}

const results = async (log: Awaited<ReturnType<typeof openEmbeddedLog>>) => valuesOf(await log.reader('results', 0, 0))

describe('lanes held by another process', () => {
  it('are waited for while it lives, with its name, and taken over when it is killed', async () => {
    const { log, child, lanes, said, join } = await heldLog(NEVER_MS)
    await join()
    expect(said).toEqual([
      `all 2 lanes of t are held in group g by process ${child.pid}; this process takes over when that one ends`,
    ])
    await sleep(200)
    expect(lanes).toEqual([])
    await child.kill()
    // a member of a process that has ended is found out by looking, not by its silence
    await log.createTopic({ name: 'news', partitions: 1 })
    await vi.waitFor(() => expect(lanes).toHaveLength(2), WAIT)
    expect(lanes.map(({ state }) => state)).toEqual([laneState(1, 1), laneState(1, 1, 1)])
    expect(said).toHaveLength(1)
    await log.close()
  })

  it('are taken over when it is stopped, and it can commit no more when it goes on', async () => {
    const { folder, log, child, lanes, said, join } = await heldLog(SILENCE_MS)
    await join()
    expect(said).toHaveLength(1)
    await stopOutside(child, folder)
    await vi.waitFor(() => expect(lanes).toHaveLength(2), WAIT)
    for (const lane of lanes)
      await lane.commit(laneState(2, 2, lane.partition), { topic: 'results', values: [Buffer.from('ours')] })
    child.tell('commit')
    child.signal('SIGCONT')
    await vi.waitFor(() => {
      for (const partition of [0, 1]) {
        expect(child.said).toContainEqual({ lost: partition })
        expect(child.said).toContainEqual({ refused: partition, by: 'LaneLostError' })
      }
      expect(child.said).toContainEqual({
        waiting: 'all 2 lanes of t are held in group g by the test; this process takes over when that one ends',
      })
    }, WAIT)
    expect(await results(log)).toEqual([`${child.pid} 0 1`, `${child.pid} 1 1`, 'ours', 'ours'])
    expect(lanes.map((lane) => lane.lost.aborted)).toEqual([false, false])
    expect((await log.groups('t'))[0].lanes.map(({ nextOffset }) => nextOffset)).toEqual([2, 2])
    await log.close()
  })

  it('stay with it however long it commits nothing', async () => {
    const { log, child, lanes, join } = await heldLog(SILENCE_MS)
    await join()
    await sleep(1.6 * SILENCE_MS)
    expect(lanes).toEqual([])
    child.tell('commit')
    expect(await child.next()).toEqual({ committed: 0 })
    await log.close()
  })

  it('are taken over when its pid is now that of another process', async () => {
    const folder = await temporaryFolder()
    const log = await openEmbeddedLog(folder, { silenceMs: NEVER_MS })
    await log.createTopic({ name: 't', partitions: 1 })
    const first: Lane[] = []
    const options = { group: 'g', topic: 't', whole: false, member: 'me', onWaiting: () => {} }
    await log.joinGroup({ ...options, onLane: (lane: Lane) => first.push(lane) })
    const store = await Store.open(folder)
    await store.write((tree) => {
      const [key] = tree.keys(Buffer.from('M'), Buffer.from('N'))
      expect(readJson(tree, key)).toMatchObject(ownIdentity())
      expect(key.length).toBeLessThan(memberKey('x'.repeat(40)).length)
      putJson(tree, key, { ...ownIdentity(), started: 'long ago', label: 'me', beat: 1 })
    })
    await store.close()
    const second: Lane[] = []
    await log.joinGroup({ ...options, onLane: (lane: Lane) => second.push(lane) })
    expect(second).toHaveLength(1)
    await expect(first[0].commit(laneState(1))).rejects.toThrow('the lane t/0 was taken over')
    await log.close()
  })
})

describe('lanes that are fought for', () => {
  /** Clients of one new log with two lanes. */
  async function clients(count: number) {
    const folder = await temporaryFolder()
    const logs = await Promise.all(Array.from({ length: count }, () => openEmbeddedLog(folder)))
    await logs[0].createTopic({ name: 't', partitions: 2 })
    await logs[0].createTopic({ name: 'results', partitions: 1 })
    return { folder, logs, closeAll: () => Promise.all(logs.map((log) => log.close())) }
  }

  it('go to one of those who join at the same moment', async () => {
    const { logs, closeAll } = await clients(3)
    const lanes: Lane[] = []
    const onLane = (lane: Lane) => lanes.push(lane)
    const said: string[] = []
    const options = { group: 'g', topic: 't', whole: false, onLane, onWaiting: (line: string) => said.push(line) }
    await Promise.all(logs.map((log, i) => log.joinGroup({ ...options, member: `member ${i}` })))
    expect(lanes.map(({ partition }) => partition).sort()).toEqual([0, 1])
    await vi.waitFor(() => expect(said).toHaveLength(2), WAIT)
    for (const lane of lanes) await lane.commit(laneState(1, 0, lane.partition))
    await closeAll()
  })

  it('are not taken from somebody else than was seen to have gone', async () => {
    const { folder, closeAll } = await clients(1)
    const store = await Store.open(folder)
    const place = { topic: 't', topicId: 1, partitions: [0], group: 'g' }
    const take = (seen: LeaseRecord | undefined, holder: string) =>
      store.write((tree) => takeLane(tree, place, [seen], holder))
    const first = await take(undefined, 'one')
    expect(first?.epoch).toBe(1)
    expect(await take(undefined, 'two')).toBeUndefined()
    expect((await take({ epoch: 1, holder: 'one' }, 'two'))?.epoch).toBe(2)
    expect(await take({ epoch: 1, holder: 'one' }, 'three')).toBeUndefined()
    expect(store.read((tree) => readLeases(tree, place))).toEqual([{ epoch: 2, holder: 'two' }])
    await store.close()
    await closeAll()
  })

  it('are committed on before they are taken, or not at all', async () => {
    const { folder, logs, closeAll } = await clients(1)
    const lanes: Lane[] = []
    const options = { group: 'g', topic: 't', whole: false, member: 'me', onWaiting: () => {} }
    await logs[0].joinGroup({ ...options, onLane: (lane: Lane) => lanes.push(lane) })
    const store = await Store.open(folder)
    let committed = 0
    for (const lane of lanes) {
      const place = { topic: 't', topicId: 1, partitions: [lane.partition], group: 'g' }
      // so that neither of the next two gives the lane a chance to hear of its loss before it commits
      await Promise.all([logs[0].append('t', []), store.write(() => {})])
      const taking = store.write((tree) => takeLane(tree, place, readLeases(tree, place), 'somebody else'))
      const results = { topic: 'results', values: [Buffer.from('x')] }
      const outcome = await lane.commit(laneState(1, 0, lane.partition), results).catch((error: Error) => error)
      if (outcome === undefined) committed++
      else expect(outcome).toBeInstanceOf(LaneLostError)
      expect((await taking)?.state).toEqual(outcome === undefined ? laneState(1, 0, lane.partition) : undefined)
      expect(lane.lost.aborted).toBe(outcome !== undefined)
    }
    expect(await results(logs[0])).toHaveLength(committed)
    await store.close()
    await closeAll()
  })
})

describe('a process that is stopped while it writes', () => {
  it('makes others wait for it without freezing them, and loses nothing when it goes on', async () => {
    const folder = await temporaryFolder()
    const log = await openEmbeddedLog(folder)
    await log.createTopic({ name: 't', partitions: 1 })
    const child = new Child('stops-inside', folder)
    await child.next()
    await vi.waitFor(() => expect(processState(child.pid)).toBe('stopped'), WAIT)
    let appended = false
    const append = log.append('t', [outgoing(0, ['after'])]).then(() => {
      appended = true
    })
    // who opens a store while another process commits may undo that commit: it waits too
    const opener = new Child('ticking-opener', folder)
    await vi.waitFor(() => expect(opener.said.length).toBeGreaterThan(30), WAIT)
    expect(opener.said).not.toContain('opened')
    expect(appended).toBe(false)
    expect(await log.topics()).toHaveLength(1)
    child.signal('SIGCONT')
    await append
    await vi.waitFor(() => expect(opener.said).toContain('opened'), WAIT)
    expect(await child.next()).toBe('done')
    const store = await Store.open(folder)
    expect(String(store.read((tree) => tree.get(Buffer.from('Xtest'))?.slice()))).not.toBe('undefined')
    await store.close()
    await log.close()
  })

  it('loses its write when it is killed then, and nobody else anything', async () => {
    const folder = await temporaryFolder()
    const log = await openEmbeddedLog(folder)
    await log.createTopic({ name: 't', partitions: 1 })
    const child = new Child('stops-inside', folder)
    await child.next()
    await vi.waitFor(() => expect(processState(child.pid)).toBe('stopped'), WAIT)
    const append = log.append('t', [outgoing(0, ['after'])])
    await child.kill()
    await append
    expect(await valuesOf(await log.reader('t', 0, 0))).toEqual(['after'])
    const store = await Store.open(folder)
    expect(store.read((tree) => tree.get(Buffer.from('Xtest')))).toBeUndefined()
    await store.close()
    await log.close()
  })
})
