import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { InOrder } from '../../src/sinks/in-order.js'

describe('steps in order', () => {
  it('run one after another, whatever each takes', async () => {
    const order = new InOrder()
    const seen: string[] = []
    const step = (name: string, ms: number) =>
      order.run(async () => {
        seen.push(`${name} begins`)
        await sleep(ms)
        seen.push(`${name} ends`)
        return name
      })
    expect(await Promise.all([step('a', 20), step('b', 0), step('c', 5)])).toEqual(['a', 'b', 'c'])
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('are not run behind one that failed, which fails them all', async () => {
    const order = new InOrder()
    let ran = 0
    const outcomes = await Promise.allSettled([
      order.run(async () => ran++),
      order.run(() => Promise.reject(new Error('no'))),
      order.run(async () => ran++),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(ran).toBe(1)
    await expect(order.settled()).resolves.toBeUndefined()
  })
})
