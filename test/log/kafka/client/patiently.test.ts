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
    await expect(patiently(work, options)).rejects.toThrow('could not read data_raw within 0 s: away')
  })
})

describe('notices of waiting', () => {
  it('tell each reason once, however many wait for the same, and once that it is over', () => {
    const said: string[] = []
    const notices = new Notices((text) => said.push(text))
    for (let i = 0; i < 3; i++) notices.begin('read')
    for (const reason of ['away', 'away', 'silent', 'away']) notices.because('read', reason)
    for (let i = 0; i < 3; i++) notices.end('read', true)
    expect(said).toEqual([
      'waiting for Kafka, to read: away',
      'waiting for Kafka, to read: silent',
      'Kafka answers again: can read',
    ])
    notices.begin('read')
    notices.because('read', 'away')
    expect(said.at(-1)).toBe('waiting for Kafka, to read: away')
  })

  it('say nothing of the end where nothing was said before, or it was not done', () => {
    const said: string[] = []
    const notices = new Notices((text) => said.push(text))
    notices.begin('read')
    notices.end('read', true)
    notices.begin('write')
    notices.because('write', 'away')
    notices.end('write', false)
    expect(said).toEqual(['waiting for Kafka, to write: away'])
  })
})
