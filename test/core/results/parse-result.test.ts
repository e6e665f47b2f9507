import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkResult, parseResult } from '../../../src/core/results/parse-result.js'
import type { Result } from '../../../src/core/results/result.js'
import { anyResult, resultOf, resultOfSize } from '../../support/results.js'
import { messagesOf, sparkResults } from '../../support/spark-job.js'

const EXAMPLE = resultOfSize(200)

/** The example with what stands at a path replaced, or removed where the value is undefined. */
function changed(path: string, value: unknown): string {
  const copy = JSON.parse(JSON.stringify(EXAMPLE)) as Record<string, unknown>
  const steps = path.split('.')
  const last = steps.pop() as string
  const target = steps.reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, copy)
  if (value === undefined) delete target[last]
  else target[last] = value
  return JSON.stringify(copy)
}

describe('parseResult', () => {
  it('gives any result back as it was', () => {
    fc.assert(
      fc.property(anyResult(), (result) => {
        expect(parseResult(JSON.stringify(result))).toEqual(result)
      }),
    )
  })

  it('leaves fields alone that results do not have', () => {
    const more = { ...EXAMPLE, note: 'of a later version' }
    expect(parseResult(JSON.stringify(more))).toEqual(more)
  })

  it('takes a result without the list of orbits, and ranges of files', () => {
    const source = [{ name: 'data_000000.txt', from: 0, to: 31_457_280, watermark: null }]
    const result = resultOf({
      orbits: [],
      lateHits: [],
      others: { ancillary: 0, unmapped: 0, malformed: 0 },
      source,
      orbitDetail: false,
    })
    expect(parseResult(JSON.stringify(result))).toEqual(result)
  })

  it('takes the rows and the windows of a Spark job', () => {
    const { rows, windows } = sparkResults({ partitions: [messagesOf(['2,0,7,4294967290,100,5', '2,0,7,3,100,5'])] })
    expect(windows[0].source).toMatchObject([{ since: [0], to: 4_294_971_942 }])
    for (const result of [...rows, ...windows]) expect(parseResult(JSON.stringify(result))).toEqual(result)
  })

  it.each([
    [{ topic: 'data_raw', since: [] }],
    [{ topic: 'data_raw', since: [-1] }],
    [{ topic: 'data_raw', since: 0 }],
    [{ since: [0] }],
    [{ topic: 'data_raw' }],
    [{ topic: 'data_raw', since: [0], partition: 0 }],
    [{ topic: 'data_raw', name: 'data_000000.txt' }],
    [{ name: 'data_000000.txt', since: [0] }],
  ])('takes %j for no range: it is of one kind', (range) => {
    const source = [{ ...range, from: 0, to: 5, watermark: 4 }]
    expect(parseResult(changed('source', source))).toBe('its source is not ranges of topics, windows or files')
  })

  it.each([
    ['', 'it is not JSON'],
    ['2,0,61,3869200167,2374,26.000000', 'it is not JSON'],
    [JSON.stringify(EXAMPLE).slice(0, -1), 'it is not JSON'],
    ['null', 'it is no JSON object'],
    ['[1]', 'it is no JSON object'],
    ['"text"', 'it is no JSON object'],
    ['{"msg_ID":3,"hit_count":17}', 'it has no field schema'],
    [changed('schema', 'dtstream.result/2'), 'its schema is not "dtstream.result/1"'],
  ])('says why %s is none', (text, reason) => {
    expect(parseResult(text)).toBe(reason)
  })

  it('names whatever field is missing, but for the list of orbits', () => {
    for (const name of Object.keys(EXAMPLE)) {
      const outcome = parseResult(changed(name, undefined))
      if (name === 'active_tdc_chamber') expect(outcome).toMatchObject({ schema: 'dtstream.result/1' })
      else if (name === 'schema') expect(outcome).toBe('it has no field schema')
      else if (name === 'hit_count_chamber') expect(outcome).toMatch(/^its hit_count_chamber is missing/)
      else expect(outcome).toMatch(new RegExp(`^its ${name} is missing; it should be `))
    }
  })

  it.each([
    ['msg_ID', -1],
    ['msg_ID', 1.5],
    ['msg_ID', '1'],
    ['msg_ID', 2 ** 53],
    ['worker', null],
    ['interval', []],
    ['interval.start', '2024-03-01T00:00:00Z'],
    ['interval.start', '2024-02-30T00:00:00.000Z'],
    ['interval.end', '2024-03-01T01:00:00.000+01:00'],
    ['interval.end', 1709251200000],
    ['interval.end', undefined],
    ['source', {}],
    ['source.0', null],
    ['source.0.topic', 5],
    ['source.0.partition', -1],
    ['source.0.partition', undefined],
    ['source.0.from', null],
    ['source.0.from', 1e9],
    ['source.0.watermark', undefined],
    ['source.0.watermark', 'none'],
    ['orbits', null],
    ['orbits.first', undefined],
    ['orbits.count', -1],
    ['orbits.run', 0.5],
    ['rows', []],
    ['rows.late', undefined],
    ['rows.read', -5],
    ['geometry', 5],
    ['hit_count', null],
    ['hit_count_chamber', []],
    ['hit_count_chamber', {}],
    ['hit_count_chamber.1', 0.5],
    ['tdc_counts_chamber', []],
    ['tdc_counts_chamber.3', undefined],
    ['tdc_counts_chamber.4', { bin_edges: [], hist_counts: [] }],
    ['tdc_counts_chamber.0.bin_edges', [7, 7]],
    ['tdc_counts_chamber.0.bin_edges', [0, 1, 2]],
    ['tdc_counts_chamber.0.hist_counts', [-1]],
    ['tdc_counts_chamber.0.hist_counts', null],
    ['active_tdc_chamber', null],
    ['active_tdc_chamber.2', undefined],
    ['active_tdc_chamber.2.bin_edges', ['3000000000']],
    ['active_multiplicity_chamber.0', [1, 2, 3]],
    ['active_multiplicity_chamber.0.5', null],
    ['tdc_counts_scintillator_chamber.1', []],
    ['drift_time_chamber.0.low', null],
    ['drift_time_chamber.0.width', 0],
    ['drift_time_chamber.0.bins', 0],
    ['drift_time_chamber.0.bin_edges', [null]],
    ['drift_time_chamber.0.overflow', undefined],
    ['drift_time_chamber.0.underflow', -1],
  ])('refuses %s: %j', (path, value) => {
    const [field] = path.split('.')
    expect(parseResult(changed(path, value))).toMatch(new RegExp(`^its ${field} is (not|missing)`))
  })

  it('refuses results whose fields disagree on how many chambers there are', () => {
    const three = { ...EXAMPLE, hit_count_chamber: EXAMPLE.hit_count_chamber.slice(1) }
    expect(checkResult(three)).toMatch(/^its tdc_counts_chamber is not/)
  })

  it('says something of any JSON, and never throws', () => {
    const keys = fc.constantFrom(...(Object.keys(EXAMPLE) as (keyof Result)[]))
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), fc.jsonValue(), (fields, value) => {
        const text = JSON.stringify({ ...EXAMPLE, ...fields })
        const outcome = parseResult(text)
        if (typeof outcome !== 'string') expect(outcome).toEqual(JSON.parse(text))
        expect(typeof parseResult(JSON.stringify(value))).toBe('string')
      }),
    )
  })
})
