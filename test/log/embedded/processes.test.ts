import { describe, expect, it } from 'vitest'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import type { Lane } from '../../../src/log/log.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { laneState, outgoing, valuesOf } from '../messages.js'
import { Child } from './child.js'

async function openedLog(partitions = 1) {
  const folder = await temporaryFolder()
  const log = await openEmbeddedLog(folder)
  await log.createTopic({ name: 't', partitions })
  await log.createTopic({ name: 'results', partitions: 1 })
  return { folder, log }
}

describe('several processes', () => {
  it('that append at once, and open and close the log all the while, lose nothing', async () => {
    const { folder, log } = await openedLog()
    const counts = { steady: 300, one: 40, two: 40 }
    const children = Object.entries(counts).map(
      ([name, count]) => new Child('appender', folder, 't', name, count, name === 'steady' ? count : 1),
    )
    const ends = await Promise.all(children.map((child) => child.ended))
    expect(ends).toEqual(children.map(() => ({ code: 0, stderr: '' })))
    const values = await valuesOf(await log.reader('t', 0, 0))
    for (const [name, count] of Object.entries(counts)) {
      const own = values.filter((value) => value.startsWith(name))
      expect(own).toEqual(Array.from({ length: count }, (_, i) => `${name} ${i}`))
      expect(await log.progress(name)).toBe(count - 1)
    }
    expect(values).toHaveLength(380)
    await log.close()
  })

  it('that make a new log at the same moment all get the same one', async () => {
    const folder = await temporaryFolder()
    const children = Array.from({ length: 3 }, () => new Child('opener', folder))
    expect(await Promise.all(children.map((child) => child.ended))).toEqual(
      children.map(() => ({ code: 0, stderr: '' })),
    )
    const made = children.flatMap((child) => child.said)
    expect(made.filter((one) => one === 'made')).toHaveLength(1)
    expect(made.filter((one) => one === 'the topic t exists already, with 2 partitions')).toHaveLength(2)
  })

  it('wake each other when messages come', async () => {
    const { folder, log } = await openedLog()
    const child = new Child('follower', folder, 't', 0)
    await child.next()
    const latenciesMs: number[] = []
    for (let i = 1; i <= 20; i++) {
      const beforeNs = process.hrtime.bigint()
      await log.append('t', [outgoing(0, ['x'])])
      const { nextOffset, atNs } = await child.next<{ nextOffset: number; atNs: string }>()
      expect(nextOffset).toBe(i)
      latenciesMs.push(Number(BigInt(atNs) - beforeNs) / 1e6)
    }
    latenciesMs.sort((a, b) => a - b)
    console.log(`append to delivery in another process: median ${latenciesMs[10].toFixed(1)} ms`)
    await log.close()
  })

  it('wait without burning CPU: 10 readers in each of 5 threads', async () => {
    const { folder, log } = await openedLog(10)
    const share = await new Child('idle', folder, 1500).next<number>()
    console.log(`idle with 50 waiting readers in 5 threads: ${(share * 100).toFixed(2)} % of a core`)
    expect(share).toBeLessThan(0.05)
    await log.close()
  })
})

describe('the threads of a process', () => {
  it.each(['close', 'leave-open'])('commit for the member of the main thread, and end cleanly: %s', async (ending) => {
    const { folder, log } = await openedLog(6)
    const child = new Child('threads', folder, 3, 20, ending)
    expect(await child.ended).toEqual({ code: 0, stderr: '' })
    expect(child.said).toEqual([6])
    const values = await valuesOf(await log.reader('results', 0, 0))
    for (let partition = 0; partition < 6; partition++) {
      const own = values.filter((value) => value.startsWith(`${partition}/`))
      expect(own).toEqual(Array.from({ length: 20 }, (_, i) => `${partition}/${i + 1}`))
    }
    const [group] = await log.groups('t')
    expect(group.lanes.map(({ nextOffset, holder }) => [nextOffset, holder])).toEqual(
      Array.from({ length: 6 }, () => [20, undefined]),
    )
    const states: unknown[] = []
    const onLane = (lane: Lane) => states.push(lane.state)
    await log.joinGroup({ group: 'g', topic: 't', whole: false, member: 'the test', onLane, onWaiting: () => {} })
    expect(states).toEqual(Array.from({ length: 6 }, (_, partition) => laneState(20, 20, partition)))
    await log.close()
  })

  it.each(['with', 'without'])('write as the main thread does, %s its having the log open', async (main) => {
    const { folder, log } = await openedLog()
    const child = new Child('thread-writes', folder, main)
    expect(await child.ended).toEqual({ code: 0, stderr: '' })
    const refused = (message: RegExp, name = 'ExpectedError') => ({ name, message: expect.stringMatching(message) })
    expect(child.said).toEqual([
      'done',
      refused(/^the topic new exists already, with 2 partitions instead of 3$/),
      'done',
      refused(/^the topic new has no partition 2/),
      { n: 1 },
      'done',
      true,
      'done',
      refused(/^there is no topic nowhere$/),
      refused(/taken over/, 'LaneLostError'),
      'done',
      refused(/^there is no topic new$/),
      'done',
    ])
    expect(await valuesOf(await log.reader('results', 0, 0))).toEqual(['result'])
    expect((await log.topics()).map(({ name }) => name)).toEqual(['results', 't'])
    await log.close()
  })

  it('may be ended at any moment, also while they write', async () => {
    const { folder, log } = await openedLog()
    const child = new Child('terminates', folder, 1, 'terminate')
    expect(await child.ended).toEqual({ code: 0, stderr: '' })
    expect(child.said).toEqual(['closed'])
    const values = await valuesOf(await log.reader('t', 0, 0))
    expect(values.filter((value) => value === 'main')).toHaveLength(4)
    for (const thread of new Set(values.map((value) => value.split(':')[0]))) {
      const own = values.filter((value) => value.startsWith(`${thread}:`))
      expect(own).toEqual(own.map((_, i) => `${thread}: ${i}`))
    }
    expect(values.length).toBeGreaterThan(8)
    await log.close()
  })

  it('are no hindrance when the process exits while they write', async () => {
    const { folder, log } = await openedLog()
    const child = new Child('terminates', folder, 1, 'exit')
    expect(await child.ended).toEqual({ code: 0, stderr: '' })
    await log.append('t', [outgoing(0, ['afterwards'])])
    expect((await valuesOf(await log.reader('t', 0, 0))).at(-1)).toBe('afterwards')
    await log.close()
  })
})
