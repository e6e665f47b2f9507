import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fromResultBatch,
  missingColumns,
  resultSchema,
  toResultBatch,
} from '../../../src/core/results/arrow-results.js'
import { arrow } from '../../../src/core/rows/arrow.js'
import { anyResult, resultOf } from '../../support/results.js'
import { messagesOf, sparkResults } from '../../support/spark-job.js'

describe('results as a table', () => {
  it('come back as they were, field for field and in the same order of fields', () => {
    fc.assert(
      fc.property(fc.array(anyResult(), { maxLength: 10 }), (results) => {
        const { RecordBatchStreamWriter, tableFromIPC } = arrow()
        const batch = toResultBatch(resultSchema(), results)
        const bytes = RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true)
        const back = tableFromIPC(bytes).batches.flatMap((read) => [...fromResultBatch(read)])
        expect(back).toEqual(results)
        expect(JSON.stringify(back)).toBe(JSON.stringify(results))
      }),
    )
  })

  it('come back as a Spark job has sent them', () => {
    const { RecordBatchStreamWriter, tableFromIPC } = arrow()
    const { rows, windows } = sparkResults({
      partitions: [messagesOf(['2,0,7,100,100,5', '2,1,128,100,90,1', 'no row'])],
    })
    const batch = toResultBatch(resultSchema(), [...rows, ...windows])
    const bytes = RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true)
    expect(tableFromIPC(bytes).batches.flatMap((read) => [...fromResultBatch(read)])).toEqual([...rows, ...windows])
  })

  it('have plain columns, lists by chamber, and lists of lists for histograms', () => {
    const types = Object.fromEntries(resultSchema().fields.map(({ name, type }) => [name, String(type)]))
    expect(types).toMatchObject({
      msg_ID: 'Int64',
      worker: 'Utf8',
      interval_start: 'Timestamp<MILLISECOND, UTC>',
      interval_end: 'Timestamp<MILLISECOND, UTC>',
      source: 'Utf8',
      orbits_first: 'Int64',
      rows_read: 'Int64',
      rows_late: 'Int64',
      geometry: 'Utf8',
      hit_count: 'Int64',
      hit_count_chamber: 'List<Int64>',
      tdc_counts_chamber_hist_counts: 'List<List<Int64>>',
      active_tdc_chamber_bin_edges: 'List<List<Int64>>',
      drift_time_chamber_low: 'List<Float64>',
      drift_time_chamber_bin_edges: 'List<List<Float64>>',
      drift_time_chamber_underflow: 'List<Int64>',
    })
    const nullable = resultSchema()
      .fields.filter((field) => field.nullable)
      .map(({ name }) => name)
    expect(nullable).toEqual([
      'orbits_first',
      'orbits_last',
      'active_tdc_chamber_bin_edges',
      'active_tdc_chamber_hist_counts',
    ])
  })

  it('keep counts and offsets up to the largest that a number holds', () => {
    const source = [{ topic: 'data_raw', partition: 0, from: 0, to: Number.MAX_SAFE_INTEGER, watermark: null }]
    const result = { ...resultOf({ ...NOTHING, source }), hit_count: Number.MAX_SAFE_INTEGER }
    expect([...fromResultBatch(toResultBatch(resultSchema(), [result]))]).toEqual([result])
  })

  it('are known by their columns', () => {
    const { Field, Int64, Schema } = arrow()
    expect(missingColumns(resultSchema())).toEqual([])
    expect(missingColumns(new Schema([new Field('msg_ID', new Int64(), false)]))[0]).toBe('worker')
  })

  it('are refused row by row where they are none', () => {
    const good = resultOf(NOTHING)
    const bad = { ...good, hit_count: -1 }
    expect([...fromResultBatch(toResultBatch(resultSchema(), [good, bad, good]))]).toEqual([
      good,
      'its hit_count is not a count',
      good,
    ])
  })
})

const NOTHING = { orbits: [], lateHits: [], others: { ancillary: 0, unmapped: 0, malformed: 0 } }
