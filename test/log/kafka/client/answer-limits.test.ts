import { describe, expect, it } from 'vitest'
import { answerLimitMs } from '../../../../src/log/kafka/client/answer-limits.js'

const METADATA = 3
const FETCH = 1
const PRODUCE = 0
const END_TRANSACTION = 26
const CREATE_TOPICS = 19
const JOIN_GROUP = 11

describe('how long an answer may take', () => {
  it('depends on what the broker must do for it', () => {
    const limits = [METADATA, FETCH, PRODUCE, END_TRANSACTION, CREATE_TOPICS, JOIN_GROUP].map((key) =>
      answerLimitMs(Uint8Array.of(0, 0, 0, 9, 0, key, 0, 1)),
    )
    expect(limits).toEqual([3000, 3000, 6000, 6000, 12_000, 15_000])
  })

  it('is short for what is no request of the protocol', () => {
    expect(answerLimitMs(Uint8Array.of(0, 0, 0, 1, 7))).toBe(3000)
    expect(answerLimitMs(Uint8Array.of(0, 0, 0, 9, 1, JOIN_GROUP, 0, 1))).toBe(3000)
  })
})
