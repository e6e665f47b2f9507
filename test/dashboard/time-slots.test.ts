import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TimeSlots } from '../../src/dashboard/time-slots.js'

const MOST = 10

function slotsOf(moments: readonly number[]): TimeSlots<number[]> {
  const slots = new TimeSlots<number[]>({
    stepMs: 1000,
    most: MOST,
    make: () => [],
    merge: (into, slot) => void into.push(...slot),
  })
  for (const moment of moments) {
    slots.cover(moment, moment)
    slots.at(slots.numberOf(moment)).push(moment)
  }
  return slots
}

it('keeps every moment in the slot that holds it, in at most so many slots', () => {
  const moment = fc.oneof(fc.integer({ min: -20_000, max: 20_000 }), fc.integer({ min: -8.64e15, max: 8.64e15 }))
  fc.assert(
    fc.property(fc.array(moment, { minLength: 1, maxLength: 40 }), (moments) => {
      const { stepMs, first, last, ...slots } = withSlots(slotsOf(moments))
      expect(last - first + 1).toBeLessThanOrEqual(MOST)
      expect(Math.log2(stepMs / 1000) % 1).toBe(0)
      expect(slots.kept.flat().sort(ascending)).toEqual([...moments].sort(ascending))
      slots.kept.forEach((kept, i) => {
        const end = (first + i) * stepMs
        for (const one of kept) expect(one > end - stepMs && one <= end, `${one} in the slot to ${end}`).toBe(true)
      })
    }),
  )
})

it('doubles the length of slots no more often than it takes', () => {
  expect(slotsOf([1000, 10_000]).stepMs).toBe(1000)
  expect(slotsOf([1000, 10_001]).stepMs).toBe(2000)
})

const ascending = (a: number, b: number) => a - b

function withSlots(slots: TimeSlots<number[]>) {
  const { stepMs, first, last } = slots
  return {
    stepMs,
    first,
    last,
    kept: Array.from({ length: last - first + 1 }, (_, i) => slots.filled(first + i) ?? []),
  }
}
