import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../src/core/results/result.js'
import { ResultSum } from '../../../src/core/results/result-sum.js'
import { ExpectedError } from '../../../src/errors.js'
import { countsOf } from '../../support/lane.js'
import { Oracle } from '../../support/oracle.js'
import { anyChain } from '../../support/results.js'

/** Results of three lanes, of one geometry, that repeat nothing. */
const anyResults = fc.tuple(anyChain(), anyChain(), anyChain()).map((chains) => chains.flatMap(asLane))

function asLane(results: Result[], partition: number): Result[] {
  return results.map((result) => {
    const [{ from, to }] = result.source
    return { ...result, source: [{ topic: 'data_raw', partition, from, to, watermark: to }] }
  })
}

function sumOf(results: readonly Result[], options?: { orbitDetail?: boolean }): ResultSum {
  const sum = new ResultSum(options)
  for (const result of results) sum.add(result)
  return sum
}

function total(results: readonly Result[]): Result {
  return sumOf(results).toResult('sum') as Result
}

/** What does not depend on the order of adding. */
function comparable({ source, orbits: { count, run }, ...result }: Result) {
  const inOrder = [...source].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  return { ...result, orbits: { count, run }, source: inOrder }
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((value, i) => ({ value, key: Math.sin(seed + i * 7919) }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value)
}

describe('adding results', () => {
  it('gives the same in any order', () => {
    fc.assert(
      fc.property(anyResults, fc.nat(), (results, seed) => {
        fc.pre(results.length > 0)
        expect(comparable(total(shuffled(results, seed)))).toEqual(comparable(total(results)))
      }),
      { numRuns: 100 },
    )
  })

  it('gives the same by way of sums of some of them', () => {
    fc.assert(
      fc.property(anyResults, fc.nat(20), fc.nat(), (results, cut, seed) => {
        const order = shuffled(results, seed)
        const groups = [order.slice(0, cut), order.slice(cut)].filter((group) => group.length > 0)
        fc.pre(groups.length > 0)
        expect(comparable(total(groups.map(total)))).toEqual(comparable(total(results)))
      }),
      { numRuns: 100 },
    )
  })

  it('leaves a single result’s counts as they are', () => {
    fc.assert(
      fc.property(anyResults, (results) => {
        for (const result of results) expect(countsOf(total([result]))).toEqual(countsOf(result))
      }),
    )
  })

  it('adds every count', () => {
    fc.assert(
      fc.property(anyResults, (results) => {
        fc.pre(results.length > 0)
        const sum = total(results)
        const added = (pick: (result: Result) => number) => results.reduce((all, result) => all + pick(result), 0)
        for (const name of Object.keys(sum.rows) as (keyof Result['rows'])[])
          expect(sum.rows[name]).toBe(added(({ rows }) => rows[name]))
        expect(sum.hit_count).toBe(added(({ hit_count }) => hit_count))
        expect(sum.orbits.count).toBe(added(({ orbits }) => orbits.count))
        for (const chamber of ['0', '1', '2', '3']) {
          const counted = (counts: number[]) => counts.reduce((a, b) => a + b, 0)
          for (const name of ['tdc_counts_chamber', 'tdc_counts_scintillator_chamber', 'drift_time_chamber'] as const)
            expect(counted(sum[name][chamber].hist_counts)).toBe(
              added((result) => counted(result[name][chamber].hist_counts)),
            )
          for (const side of ['underflow', 'overflow'] as const)
            expect(sum.drift_time_chamber[chamber][side]).toBe(
              added((result) => result.drift_time_chamber[chamber][side]),
            )
        }
      }),
    )
  })

  it('drops what repeats, and counts it', () => {
    fc.assert(
      fc.property(anyResults, fc.nat(), (results, seed) => {
        fc.pre(results.length > 0)
        const sum = sumOf([...results, ...shuffled(results, seed)])
        expect([sum.added, sum.repeated]).toEqual([results.length, results.length])
        expect(sum.toResult('sum')).toEqual(total(results))
      }),
    )
  })

  it('drops what overlaps, even by a row', () => {
    const [result] = fc.sample(anyChain({ minLength: 1, maxLength: 1 }), { seed: 1, numRuns: 1 })[0]
    const of = (from: number, to: number) => ({
      ...result,
      source: [{ topic: 'data_raw', partition: 0, from, to, watermark: null }],
    })
    const sum = new ResultSum()
    expect(
      [of(0, 100), of(99, 200), of(100, 200), of(0, 1), of(150, 160), of(300, 400)].map((each) => sum.add(each)),
    ).toEqual(['added', 'repeated', 'added', 'repeated', 'repeated', 'added'])
    expect(sum.gaps()).toEqual([{ source: 'data_raw/0', from: 200, to: 300 }])
  })

  it('takes results without rows, each once', () => {
    const [result] = fc.sample(anyChain({ minLength: 1, maxLength: 1 }), { seed: 1, numRuns: 1 })[0]
    const idle = (at: number, msg_ID: number) => ({
      ...result,
      msg_ID,
      source: [{ topic: 'data_raw', partition: 0, from: at, to: at, watermark: null }],
    })
    const sum = new ResultSum()
    const answers = [idle(100, 1), idle(100, 1), idle(100, 2), idle(200, 2)].map((each) => sum.add(each))
    expect(answers).toEqual(['added', 'repeated', 'added', 'added'])
    expect(sum.toResult('sum')?.hit_count).toBe(3 * result.hit_count)
  })

  it('refuses another geometry, and stays as it was', () => {
    const results = fc.sample(anyResults, { seed: 1, numRuns: 10 }).find(({ length }) => length > 1) as Result[]
    const sum = sumOf(results)
    const before = sum.toResult('sum')
    expect(() => sum.add({ ...results[0], geometry: 'another' })).toThrow(ExpectedError)
    expect(sum.toResult('sum')).toEqual(before)
  })

  it('gives nothing before the first', () => {
    expect(new ResultSum().toResult('sum')).toBeUndefined()
  })

  it('lists orbits only where all results do, and only where it is asked to', () => {
    const results = fc.sample(anyResults, { seed: 1, numRuns: 10 }).find(({ length }) => length > 2) as Result[]
    const detailed = results.map((result) => ({
      ...result,
      active_tdc_chamber: new Oracle().counts().tdc_counts_chamber,
    }))
    const { active_tdc_chamber: _, ...bare } = detailed[1]
    expect(total(detailed).active_tdc_chamber).toBeDefined()
    expect(sumOf(detailed, { orbitDetail: false }).toResult('sum')).not.toHaveProperty('active_tdc_chamber')
    for (const mixed of [
      [detailed[0], bare],
      [bare, detailed[0]],
    ])
      expect(total(mixed)).not.toHaveProperty('active_tdc_chamber')
  })
})
