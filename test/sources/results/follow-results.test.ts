import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import { type Log, MESSAGE_KIND } from '../../../src/log/log.js'
import { followResults } from '../../../src/sources/results/follow-results.js'
import type { Foreign } from '../../../src/sources/results/foreign.js'
import { resultOfSize } from '../../support/results.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let log: Log
beforeEach(async () => {
  log = await openEmbeddedLog(await temporaryFolder())
})
afterEach(() => log.close())

/** Follows until `most` results have come, and says which. */
async function follow(from: 'beginning' | 'end', most: number, foreign: Foreign[] = []): Promise<number[]> {
  const stop = new AbortController()
  const numbers: number[] = []
  const options = { from, signal: stop.signal, onForeign: (one: Foreign) => foreign.push(one) }
  for await (const { msg_ID } of followResults(log, 'data_clean', options)) {
    numbers.push(msg_ID)
    if (numbers.length === most) stop.abort()
  }
  return numbers
}

async function append(partition: number, ...numbers: number[]): Promise<void> {
  for (const number of numbers) await appendText(partition, JSON.stringify(resultOfSize(60, number)))
}

async function appendText(partition: number, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  const kind = Uint8Array.of(MESSAGE_KIND.text)
  await log.append('data_clean', [
    { partition, count: 1, bytes, end: Uint32Array.of(bytes.length), kind, keyedByOrbit: false },
  ])
}

describe('following the results of a topic', () => {
  it('begins with what is there and goes on with what comes, each partition in its order', async () => {
    await log.createTopic({ name: 'data_clean', partitions: 3 })
    await append(0, 0, 1)
    await append(2, 20)
    const followed = follow('beginning', 7)
    await sleep(50)
    await append(1, 10, 11)
    await sleep(50)
    await append(2, 21)
    await append(0, 2)
    const numbers = await followed
    expect([...numbers].sort((a, b) => a - b)).toEqual([0, 1, 2, 10, 11, 20, 21])
    for (const partition of [0, 1, 2]) {
      const own = numbers.filter((number) => Math.floor(number / 10) === partition)
      expect(own).toEqual([...own].sort((a, b) => a - b))
    }
  })

  it('begins with what comes from now on, if so asked', async () => {
    await log.createTopic({ name: 'data_clean', partitions: 2 })
    await append(0, 0)
    await append(1, 10)
    const followed = follow('end', 2)
    await sleep(100)
    await append(0, 1, 2)
    expect(await followed).toEqual([1, 2])
  })

  it('waits for a topic that is not there yet, and reads all of it', async () => {
    const followed = follow('end', 2)
    await sleep(100)
    await log.createTopic({ name: 'data_clean', partitions: 1 })
    await append(0, 0, 1)
    expect(await followed).toEqual([0, 1])
  })

  it('tells of what is no result and goes on', async () => {
    await log.createTopic({ name: 'data_clean', partitions: 1 })
    await appendText(0, 'hello')
    await append(0, 1)
    const foreign: Foreign[] = []
    expect(await follow('beginning', 1, foreign)).toEqual([1])
    expect(foreign).toEqual([{ where: 'data_clean/0 @ 0', reason: 'it is not JSON', text: 'hello' }])
  })

  it.each([true, false])('ends when the signal aborts, the topic being there: %s', async (isThere) => {
    if (isThere) await log.createTopic({ name: 'data_clean', partitions: 2 })
    const stop = new AbortController()
    const following = followResults(log, 'data_clean', { from: 'end', signal: stop.signal, onForeign: () => {} })
    const next = following.next()
    await sleep(50)
    stop.abort()
    expect(await next).toEqual({ done: true, value: undefined })
  })

  it('gives nothing more of a batch when the signal has aborted', async () => {
    await log.createTopic({ name: 'data_clean', partitions: 1 })
    const bytes = Buffer.from([0, 1, 2].map((number) => JSON.stringify(resultOfSize(60, number))).join(''))
    const end = Uint32Array.from([1, 2, 3], (n) => (bytes.length / 3) * n)
    const kind = new Uint8Array(3).fill(MESSAGE_KIND.text)
    await log.append('data_clean', [{ partition: 0, count: 3, bytes, end, kind, keyedByOrbit: false }])
    expect(await follow('beginning', 2)).toEqual([0, 1])
  })

  it('lets go of the log when nobody reads on', async () => {
    await log.createTopic({ name: 'data_clean', partitions: 1 })
    await append(0, 0, 1)
    const { signal } = new AbortController()
    for await (const { msg_ID } of followResults(log, 'data_clean', { from: 'beginning', signal, onForeign() {} })) {
      expect(msg_ID).toBe(0)
      break
    }
  })
})
