import { describe, expect, it } from 'vitest'
import { ExpectedError } from '../../../../src/errors.js'
import { Notices } from '../../../../src/log/kafka/client/notices.js'
import { patiently } from '../../../../src/log/kafka/client/patiently.js'

describe('trying with patience', () => {
  it('tries until it is done, and says that there is something to wait for only where that takes long', async () => {
    const said: string[] = []
    const notices = new Notices((text) => said.push(text))
    let tries = 0
    const work = async () => {
      if (++tries < 3) throw new Error('away')
      return 'done'
    }
    expect(await patiently(work, { what: 'read', forMs: 10_000, notices })).toBe('done')
    expect(tries).toBe(3)
    expect(said).toEqual([])
  })

  it('ends at once with what no waiting mends', async () => {
    let tries = 0
    const work = async () => {
      tries++
      throw new ExpectedError('there is no such topic', [])
    }
    const options = { what: 'read', forMs: 10_000, notices: new Notices(() => {}) }
    await expect(patiently(work, options)).rejects.toThrow('there is no such topic')
    expect(tries).toBe(1)
  })

  it('gives up when its time is over, with the last reason', async () => {
    const work = async () => {
      throw new Error('away')
    }
    const options = { what: 'read data_raw', forMs: 500, notices: new Notices(() => {}) }
    await expect(patiently(work, options)).rejects.toThrow(/^could not read data_raw within \d+ s: away$/)
  })
})

describe('notices of waiting', () => {
  it('tell a reason once, however many wait for it, and once that it is over', () => {
    const said: string[] = []
    const notices = new Notices((text) => said.push(text))
    const waiters = [{}, {}, {}]
    for (const who of waiters) notices.wait(who, 'read', 'away')
    notices.wait(waiters[0], 'read', 'silent')
    for (const who of waiters) notices.over(who)
    expect(said).toEqual([
      'waiting for Kafka, to read: away',
      'waiting for Kafka, to read: silent',
      'Kafka answers again',
    ])
    notices.wait(waiters[1], 'write', 'away')
    expect(said.at(-1)).toBe('waiting for Kafka, to write: away')
  })

  it('say nothing of the end where nothing was said before, or it was given up', () => {
    const said: string[] = []
    const notices = new Notices((text) => said.push(text))
    const who = {}
    notices.over(who)
    notices.wait(who, 'write', 'away')
    notices.end(who)
    expect(said).toEqual(['waiting for Kafka, to write: away'])
  })
})
