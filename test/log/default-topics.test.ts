import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CLEAN_TOPIC, defaultSpec, ensureTopic } from '../../src/log/default-topics.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'

let folder: string
let log: Log

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dtstream-default-topics-'))
  log = await openEmbeddedLog(folder)
})

afterEach(async () => {
  await log.close()
  await rm(folder, { recursive: true })
})

describe('ensureTopic', () => {
  it.each([
    ['data_raw', 10],
    ['data_clean', 1],
    ['another', 10],
  ])('makes %s with %d partitions where it is missing', async (name, partitions) => {
    expect(defaultSpec(name)).toMatchObject({ name, partitions })
    expect(await ensureTopic(log, name)).toMatchObject({ name, partitions })
    expect(await log.topic(name)).toMatchObject({ name, partitions })
  })

  it('makes it as it is told', async () => {
    expect(await ensureTopic(log, 'sums', { ...CLEAN_TOPIC, name: 'sums' })).toMatchObject({ partitions: 1 })
  })

  it('leaves one that is there as it is', async () => {
    await log.createTopic({ name: 'data_raw', partitions: 3 })
    expect(await ensureTopic(log, 'data_raw')).toMatchObject({ partitions: 3 })
  })

  it('serves several who ask at once', async () => {
    const others = await Promise.all([openEmbeddedLog(folder), openEmbeddedLog(folder)])
    const made = await Promise.all([log, ...others].map((each) => ensureTopic(each, 'data_raw')))
    expect(made.map(({ partitions }) => partitions)).toEqual([10, 10, 10])
    await Promise.all(others.map((other) => other.close()))
  })

  it('passes on why a topic cannot be made', async () => {
    await expect(ensureTopic(log, 'no such name')).rejects.toThrow('no such name')
  })
})
