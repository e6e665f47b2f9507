import { beforeEach, describe, expect, it } from 'vitest'
import { BrokerPlace } from '../../../../src/log/kafka/client/broker-place.js'
import type { GuardedSocket } from '../../../../src/log/kafka/client/guarded-socket.js'

const TRY_MS = 3000
let now = 0
let place: BrokerPlace

beforeEach(() => {
  now = 0
  place = new BrokerPlace('kafka:9092', TRY_MS, () => now)
})

describe('the place of a broker', () => {
  it('admits everybody while it answers', () => {
    expect([place.admits(), place.admits()]).toEqual([true, true])
  })

  it('admits nobody for a while after it was silent, and then one at a time', () => {
    place.silent(0, new Error('silent'))
    now = 999
    expect(place.admits()).toBe(false)
    now = 1000
    expect([place.admits(), place.admits()]).toEqual([true, false])
    now = 1000 + TRY_MS
    expect([place.admits(), place.admits()]).toEqual([true, false])
  })

  it('admits everybody again once something came from there', () => {
    place.silent(0, new Error('silent'))
    place.heard()
    expect([place.admits(), place.admits()]).toEqual([true, true])
  })

  it('ends connections on which nothing has come since it fell silent, and no others', () => {
    const ended: string[] = []
    const socket = (name: string, heardAt: number) => {
      const end = (error: Error) => ended.push(`${name}: ${error.message}`)
      place.join({ heardAt, end } as unknown as GuardedSocket)
    }
    socket('idle', 10)
    socket('owing', 20)
    socket('lively', 21)
    place.silent(20, new Error('silent'))
    expect(ended).toEqual(['idle: silent', 'owing: silent'])
  })
})
