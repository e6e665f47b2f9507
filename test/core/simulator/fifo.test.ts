import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createColumns } from '../../../src/core/rows/row-buffer.js'
import { Fifo } from '../../../src/core/simulator/fifo.js'

type Word = [head: number, channel: number, orbit: number, bx: number, tdc: number, time: number]

/** The oldest words taken out of a queue, as plain arrays. */
function shift(fifo: Fifo, count: number): Word[] {
  const times = Array.from({ length: count }, (_, i) => fifo.timeAt(i))
  const out = createColumns(count + 2)
  fifo.shiftInto(out, 1, count)
  expect([...out.fpga].every((fpga, i) => fpga === (i >= 1 && i <= count ? 5 : 0))).toBe(true)
  return times.map((time, i) => [
    out.head[i + 1],
    out.channel[i + 1],
    out.orbit[i + 1],
    out.bx[i + 1],
    out.tdc[i + 1],
    time,
  ])
}

const step = fc.oneof(
  fc.record({ push: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ shift: fc.integer({ min: 1, max: 700 }) }),
  fc.record({ keep: fc.integer({ min: 0, max: 2000 }) }),
)

test('a queue that grows gives out what went in, in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const fifo = new Fifo(5)
      const model: Word[] = []
      let n = 0
      for (const todo of steps) {
        if ('push' in todo) {
          for (let i = 0; i < todo.push; i++, n++) {
            const word: Word = [n % 6, n % 512, 4_000_000_000 + n, n % 65_536, n / 4, n * 1.5]
            model.push(word)
            fifo.push(...word)
          }
        } else if ('shift' in todo) {
          const count = Math.min(todo.shift, model.length)
          expect(shift(fifo, count)).toEqual(model.splice(0, count))
        } else {
          fifo.keepOldest(todo.keep, -1)
          model.splice(todo.keep)
          for (const word of model) word[5] = -1
        }
        expect(fifo.length).toBe(model.length)
      }
      expect(shift(fifo, model.length)).toEqual(model)
    }),
    { numRuns: 100 },
  )
})

test('a signal has HEAD 2 and its time as BX_COUNTER and TDC_MEAS', () => {
  const fifo = new Fifo(5)
  fifo.pushSignal(128, 7, 3563 * 30 + 29, 9)
  fifo.pushSignal(0, 7, 30, 9)
  expect(shift(fifo, 2)).toEqual([
    [2, 128, 7, 3563, 29, 9],
    [2, 0, 7, 1, 0, 9],
  ])
})
