import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRangeFileName, rangeFileName, resultFileName } from '../../../src/core/results/file-names.js'
import { anyResult, chainedResult } from '../../support/results.js'

const range = (topic: string, partition: number, from: number, to: number) => ({
  ...{ topic, partition, from, to },
  watermark: null,
})
const digits = (n: number) => String(n).padStart(20, '0')

describe('the name of a result', () => {
  it('is of its group, lane, range and content', () => {
    const name = resultFileName('dtstream', chainedResult(100, 3))
    expect(name).toMatch(/^dtstream\.data_raw\.0\.00000000000030000000-00000000000030000\d{3}\.[0-9a-f]{12}$/)
  })

  it('is the same whoever sends it, and when', () => {
    fc.assert(
      fc.property(anyResult(), fc.string(), fc.string(), (result, worker, end) => {
        const other = { ...result, worker, interval: { start: end, end } }
        expect(resultFileName('g', other)).toBe(resultFileName('g', result))
      }),
    )
  })

  it('is another with another count, number, lane or group', () => {
    const result = chainedResult(100)
    const names = [
      resultFileName('g', result),
      resultFileName('h', result),
      resultFileName('g', { ...result, msg_ID: 1 }),
      resultFileName('g', { ...result, hit_count: result.hit_count + 1 }),
      resultFileName('g', { ...result, source: [range('data_raw', 1, 0, 5)] }),
    ]
    expect(new Set(names).size).toBe(names.length)
  })

  it('sorts as the ranges do', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 53 - 2), fc.nat(2 ** 53 - 2), (a, b) => {
        const nameOf = (from: number) => rangeFileName('g', [range('t', 0, from, from + 1)])
        expect(Math.sign(a - b)).toBe(nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0)
      }),
    )
  })

  it('has sums for a lane of all partitions', () => {
    const source = [range('data_raw', 0, 5, 10), range('data_raw', 1, 7, 7), range('data_raw', 2, 1, 4)]
    expect(rangeFileName('g', source)).toBe(`g.data_raw.all.${digits(13)}-${digits(21)}`)
  })

  it('tells the windows of Spark jobs apart by where the jobs began', () => {
    const of = (since: number[]) =>
      rangeFileName('g', [{ topic: 'data_raw', since, from: 11224, to: 22447, watermark: 22446 }])
    expect(of([0, 5])).toMatch(new RegExp(`^g\\.data_raw\\.windows-[0-9a-f]{12}\\.${digits(11224)}-${digits(22447)}$`))
    expect(of([0, 6])).not.toBe(of([0, 5]))
    expect(parseRangeFileName(`${of([0, 5])}.0123456789ab`)).toMatchObject({ from: 11224, to: 22447 })
  })

  it('has the base name of a file, and what tells its path from others', () => {
    const of = (...names: string[]) =>
      rangeFileName(
        'batch',
        names.map((name) => ({ name, from: 0, to: 9, watermark: null })),
      )
    expect(of('/data/run 1/data_000000.txt')).toMatch(
      new RegExp(`^batch\\.data_000000\\.txt\\.[0-9a-f]{12}\\.${digits(0)}-${digits(9)}$`),
    )
    expect(of('/a/x.txt')).not.toBe(of('/b/x.txt'))
    expect(of('/a/x.txt', '/a/y.txt')).not.toBe(of('/a/x.txt'))
    expect(of('sim:?seed=7&rows=100')).toMatch(/^batch\.sim~3a\.[0-9a-f]{12}\./)
  })

  it('fits into a folder whatever the names are, and can be taken apart', () => {
    const anyName = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(anyName, anyName, fc.nat(9), (group, topic, partition) => {
        const result = { ...chainedResult(16), source: [range(topic, partition, 3, 44)] }
        const name = resultFileName(group, result)
        expect(name).toMatch(/^[A-Za-z0-9_~-][A-Za-z0-9_.~-]*$/)
        expect(name.length).toBeLessThan(220)
        expect(parseRangeFileName(name)).toMatchObject({
          from: 3,
          to: 44,
          lane: expect.stringMatching(`\\.${partition}$`),
        })
      }),
    )
  })

  it('keeps groups and topics apart that differ', () => {
    const pairs = [
      ['a.b', 'c'],
      ['a', 'b.c'],
      ['a/b', 'c'],
      ['a_b', 'c'],
      ['', 'c'],
      ['~', 'c'],
      ['a~2eb', 'c'],
      ['x'.repeat(70), 'c'],
      ['x'.repeat(71), 'c'],
      ['é', 'c'],
      ['e', 'c'],
    ]
    const names = pairs.map(([group, topic]) => rangeFileName(group, [range(topic, 0, 0, 1)]))
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(['', 'data_000000', 'a.b.0.1-2.0123456789ab', 'results', '.hidden.0.x'])('is not seen in %j', (name) => {
    expect(parseRangeFileName(name)).toBeUndefined()
  })
})
