import { describe, expect, it } from 'vitest'
import { EXIT } from '../../../src/errors.js'
import { backoffMs } from '../../../src/sinks/policy/backoff.js'
import { POLICY_OPTIONS, takePolicy } from '../../../src/sinks/policy/policy.js'
import { parseUri } from '../../../src/uri.js'

const policyOf = (uri: string) => takePolicy(parseUri(uri)).policy

describe("a sink's policy", () => {
  it('is to try again so often, and then to end', () => {
    expect(policyOf('null:')).toEqual({ onFailure: 'retry', retries: 8, fallback: undefined })
    expect(policyOf('null:?retries=0')).toEqual({ onFailure: 'retry', retries: 0, fallback: undefined })
  })

  it('is what its URI says, and the rest of the options is left to the sink', () => {
    const fallback = 'foo:bar?a=1&b=2'
    const uri = parseUri(`foo:bar?x=1&on-failure=fallback&retries=3&fallback=${encodeURIComponent(fallback)}&y=2`)
    const { policy, own } = takePolicy(uri)
    expect(policy).toEqual({ onFailure: 'fallback', retries: 3, fallback })
    expect([own.text, own.path, [...own.options]]).toEqual([
      uri.text,
      'bar',
      [
        ['x', '1'],
        ['y', '2'],
      ],
    ])
  })

  it.each([
    ['null:?on-failure=ignore', "null:?on-failure=ignore: on-failure is one of retry, fallback, drop, not 'ignore'"],
    ['null:?retries=-1', "null:?retries=-1: retries is a whole number up to 1000, not '-1'"],
    ['null:?retries=1001', "null:?retries=1001: retries is a whole number up to 1000, not '1001'"],
    ['null:?retries=', "null:?retries=: retries is a whole number up to 1000, not ''"],
    ['null:?on-failure=fallback', 'null:?on-failure=fallback: on-failure=fallback says not where'],
    ['null:?fallback=null:', 'null:?fallback=null:: fallback is for on-failure=fallback alone'],
  ])('is refused for %s', (uri, message) => {
    expect(() => policyOf(uri)).toThrow(expect.objectContaining({ name: 'ExpectedError', message, exit: EXIT.usage }))
  })

  it('is described, option by option', () => {
    expect(Object.keys(POLICY_OPTIONS)).toEqual(['on-failure', 'retries', 'fallback'])
    for (const description of Object.values(POLICY_OPTIONS)) expect(description).not.toBe('')
  })
})

describe('the wait before another try', () => {
  it('may be twice as long each time, up to a limit, and is anything from nothing to that', () => {
    expect([1, 2, 3, 6, 7, 100, 5000].map((tries) => backoffMs(tries, 1))).toEqual([
      200, 400, 800, 6400, 10_000, 10_000, 10_000,
    ])
    expect(backoffMs(3, 0)).toBe(0)
    expect(backoffMs(3, 0.5)).toBe(400)
  })
})
