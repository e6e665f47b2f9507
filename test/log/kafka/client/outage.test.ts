import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ExpectedError } from '../../../../src/errors.js'
import { Notices } from '../../../../src/log/kafka/client/notices.js'
import { Outage } from '../../../../src/log/kafka/client/outage.js'

const REFUSED = { name: 'KafkaJSConnectionError', message: 'Connection error', code: 'ECONNREFUSED', broker: 'b:1' }
const FEW_REPLICAS = { name: 'KafkaJSProtocolError', message: 'x', type: 'NOT_ENOUGH_REPLICAS' }
const STILL_ENDING = { name: 'KafkaJSProtocolError', message: 'x', type: 'CONCURRENT_TRANSACTIONS' }
const FORBIDDEN = { name: 'KafkaJSProtocolError', message: 'x', type: 'TOPIC_AUTHORIZATION_FAILED' }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function make() {
  const said: string[] = []
  const notices = new Notices((text) => said.push(text))
  const outage = (what: string, since?: number) => new Outage({ what, forMs: 10_000, notices }, since)
  return { said, outage }
}

describe('an outage', () => {
  it('is told of when it lasts, once for all who wait for the same reason, and so is its end', () => {
    const { said, outage } = make()
    const [one, two] = [outage('read a', performance.now()), outage('write b', performance.now())]
    one.failed(REFUSED, 100)
    expect(said).toEqual([])
    vi.advanceTimersByTime(2000)
    for (const each of [one, two, one]) expect(each.failed(REFUSED, 100)).toBeUndefined()
    expect(said).toEqual(['waiting for Kafka, to read a: nothing listens at b:1'])
    one.over()
    two.over()
    expect(said.slice(1)).toEqual(['Kafka answers again'])
  })

  it('that passes at once is not told of', () => {
    const { said, outage } = make()
    const one = outage('read a')
    one.failed(REFUSED, 100)
    one.over()
    expect(said).toEqual([])
  })

  it('ends with one sentence when it takes too long, counted from the first failure', () => {
    const { outage } = make()
    const one = outage('read a')
    vi.advanceTimersByTime(60_000)
    expect(one.failed(REFUSED, 100)).toBeUndefined()
    vi.advanceTimersByTime(9950)
    const end = one.failed(REFUSED, 100)
    expect(end).toBeInstanceOf(ExpectedError)
    expect(end?.message).toBe('could not read a within 10 s: nothing listens at b:1')
  })

  it('ends at once with what no waiting mends', () => {
    const { outage } = make()
    expect(outage('read a').failed({ cause: FORBIDDEN }, 100)?.message).toContain('not allow us to read a')
    const own = new ExpectedError('own', [])
    expect(outage('read a').failed({ cause: own }, 100)).toBe(own)
  })

  it('keeps its reason while a transaction cannot be ended because of it', () => {
    const { said, outage } = make()
    const one = outage('write b')
    one.failed(FEW_REPLICAS, 100)
    vi.advanceTimersByTime(2000)
    one.failed(STILL_ENDING, 100)
    expect(said).toEqual(['waiting for Kafka, to write b: too few replicas are in sync'])
  })
})
