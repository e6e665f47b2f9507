import { describe, expect, it } from 'vitest'
import { LaneChains } from './lane-chains.js'

const result = (partition: number, msg_ID: number, from: number, to: number) => ({
  msg_ID,
  source: [{ topic: 'data_raw', partition, from, to, watermark: null }],
})

function countsOf(results: readonly ReturnType<typeof result>[], offsets?: readonly number[]) {
  const chains = new LaneChains()
  for (const [i, one] of results.entries()) chains.add(offsets?.[i] ?? i, one)
  return { ...chains.counts, sentences: chains.wrong.length }
}

describe('the chains of a ledger', () => {
  it('finds nothing wrong where each result begins where the lane ended', () => {
    const results = [result(0, 0, 0, 5), result(1, 0, 0, 3), result(0, 1, 5, 9), result(1, 1, 3, 3)]
    expect(countsOf(results)).toEqual({ lost: 0, doubled: 0, outOfOrder: 0, sentences: 0 })
  })

  it('counts what nothing covers, also at the beginning', () => {
    const results = [result(0, 0, 2, 5), result(0, 1, 8, 9)]
    expect(countsOf(results)).toEqual({ lost: 5, doubled: 0, outOfOrder: 0, sentences: 2 })
  })

  it('counts what is covered twice', () => {
    const results = [result(0, 0, 0, 5), result(0, 1, 3, 9), result(0, 2, 9, 10)]
    expect(countsOf(results)).toEqual({ lost: 0, doubled: 2, outOfOrder: 0, sentences: 1 })
  })

  it('finds a result that comes twice', () => {
    expect(countsOf([result(0, 0, 0, 5), result(0, 0, 0, 5)])).toMatchObject({ doubled: 5, outOfOrder: 1 })
  })

  it('finds results that a reader sees in another order than they lie in', () => {
    expect(countsOf([result(0, 0, 0, 5), result(1, 0, 0, 5)], [4, 3])).toMatchObject({ outOfOrder: 1 })
  })
})
