import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../src/core/results/result.js'
import { ResultSum } from '../../../src/core/results/result-sum.js'
import { ExpectedError } from '../../../src/errors.js'
import { countsOf, foldText } from '../../support/lane.js'
import { type JobOptions, messagesOf, sparkResults } from '../../support/spark-job.js'
import { denseRows, seeded } from '../../support/stream.js'

const START_ORBIT = 2 ** 32 - 60_000
const ROWS = denseRows(7, 1500, START_ORBIT).map(({ text }) => text)

/** The rows in two partitions, with an offset without a message behind every batch of 100. */
const PARTITIONS = [0, 1].map((partition) =>
  ROWS.filter((_, i) => i % 2 === partition).map((record, i) => ({
    offset: i + Math.floor(i / 100),
    records: [record],
  })),
)

const all = (options: Partial<JobOptions> = {}): Result[] => {
  const { rows, windows } = sparkResults({ partitions: PARTITIONS, ...options })
  return [...rows, ...windows]
}

function sumOf(results: readonly Result[]): ResultSum {
  const sum = new ResultSum()
  for (const result of results) sum.add(result)
  return sum
}

function total(results: readonly Result[]): Result {
  return sumOf(results).toResult('merge') ?? expect.fail('nothing was added')
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seeded(seed)
  return list
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value)
}

/** Every order of two lists after one another and mixed, each of which must be refused. */
function expectRefused(a: readonly Result[], b: readonly Result[], message: RegExp): void {
  const refused = fc.property(fc.option(fc.nat(), { nil: undefined }), fc.boolean(), (seed, isTurned) => {
    const inOrder = isTurned ? [...b, ...a] : [...a, ...b]
    const results = seed === undefined ? inOrder : shuffled(inOrder, seed)
    expect(() => sumOf(results)).toThrow(ExpectedError)
    expect(() => sumOf(results)).toThrow(message)
  })
  fc.assert(refused, { numRuns: 30 })
}

describe('the sum of what a Spark job sends', () => {
  it('is the analysis of all rows at once, in any order and with repetitions, through the wrap', () => {
    const expected = countsOf(foldText(`${ROWS.join('\n')}\n`))
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 20 }), (seed, repeated) => {
        const results = all()
        const again = shuffled(results, seed + 1).slice(0, repeated)
        const sum = sumOf(shuffled([...results, ...again], seed))
        expect([sum.added, sum.repeated]).toEqual([results.length, again.length])
        expect(countsOf(sum.toResult('merge') ?? expect.fail())).toEqual(expected)
        expect(sum.gaps()).toEqual([])
        expect(sum.hitsInNoWindow).toBe(0)
      }),
      { numRuns: 20 },
    )
  })

  it('can be added again as a sum, and leaves out what is in it', () => {
    const results = all()
    const sum = sumOf([total(results), ...results])
    expect([sum.added, sum.repeated, sum.hitsInNoWindow]).toEqual([1, results.length, 0])
    expect(sum.gaps()).toEqual([])
  })

  it('tells how many hits are in no window, and how many windows count beyond the rows', () => {
    const { rows, windows } = sparkResults({ partitions: PARTITIONS })
    const last = windows.at(-1) as Result
    expect(sumOf([...rows, ...windows.slice(0, -1)]).hitsInNoWindow).toBe(last.hit_count)
    expect(sumOf([...rows.slice(1), ...windows]).hitsInNoWindow).toBe(-rows[0].rows.hits)
    expect(sumOf([foldText('2,0,7,100,100,5\n')]).hitsInNoWindow).toBeUndefined()
  })

  it('keeps the list of orbits, which results of rows may lack', () => {
    const { rows, windows } = sparkResults({ partitions: PARTITIONS })
    const bare = rows.map(({ active_tdc_chamber: _, ...result }) => result)
    expect(total([...bare, ...windows])).toHaveProperty('active_tdc_chamber')
  })

  it('takes a lane that ended where the job began, and a job that began where another ended', () => {
    const lane = { ...foldText('2,0,7,9,100,5\n'), geometry: all()[0].geometry }
    const source = [{ topic: 'data_raw', partition: 0, from: 0, to: 300, watermark: 9 }]
    const later = PARTITIONS.map((messages) =>
      messages.map(({ offset, records }) => ({ offset: offset + 300, records })),
    )
    const latest = [messagesOf(['2,0,7,5,100,5'], 9000), messagesOf(['2,0,7,70000,100,5'], 9000)]
    const results = [{ ...lane, source }, ...all({ partitions: later }), ...all({ partitions: latest })]
    for (const order of [results, [...results].reverse()])
      expect([sumOf(order).added, sumOf(order).hitsInNoWindow]).toEqual([results.length, 0])
  })

  it('is refused where lanes count hits of the same rows', () => {
    const lane = { ...foldText('2,0,7,9,100,5\n'), geometry: all()[0].geometry }
    const source = [{ topic: 'data_raw', partition: 1, from: 0, to: 1, watermark: 9 }]
    expectRefused(all(), [{ ...lane, source }], /hits of data_raw would be counted twice/)
  })

  it('is refused where two jobs count the same rows, cut in other micro-batches', () => {
    expectRefused(all(), all({ group: 'other', perBatch: 130 }), /would be counted twice: by two Spark jobs/)
    expectRefused(all(), all({ since: [150, 0] }), /rows of data_raw\/0 from .* would be counted twice/)
  })
})
