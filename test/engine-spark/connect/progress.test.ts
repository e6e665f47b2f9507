import { expect, it } from 'vitest'
import { parseProgress } from '../../../src/spark/connect/progress.js'

/** As Spark 4.0.0 wrote it, of two sources, with less of what is not read. */
const REPORT = {
  id: 'cf4eb7d2-7887-4bfe-9908-a7ce1cfedf26',
  runId: 'c7110099-5bba-4740-b584-794cf65143ef',
  name: 'windows',
  timestamp: '2026-01-01T00:00:01.036Z',
  batchId: 7,
  batchDuration: 422,
  durationMs: { triggerExecution: 422, addBatch: 379 },
  eventTime: { avg: '1970-01-01T00:01:00.000Z', watermark: '1970-01-01T00:00:59.800Z' },
  stateOperators: [
    {
      operatorName: 'stateStoreSave',
      numRowsTotal: 12,
      numRowsUpdated: 3,
      memoryUsedBytes: 480,
      numRowsDroppedByWatermark: 2,
    },
  ],
  sources: [
    {
      description: 'KafkaV2[Subscribe[data_raw]]',
      startOffset: '{"data_raw":{"0":5}}',
      endOffset: '{"data_raw":{"0":15}}',
      latestOffset: '{"data_raw":{"0":20}}',
      numInputRows: 10,
      inputRowsPerSecond: 20.5,
      processedRowsPerSecond: 40,
    },
    {
      description: 'RateStreamV2',
      startOffset: null,
      endOffset: '3',
      latestOffset: '3',
      numInputRows: 5,
      inputRowsPerSecond: 1.5,
    },
  ],
  sink: { description: 'noop', numOutputRows: -1 },
}

it('reads what a query reports', () => {
  expect(parseProgress(JSON.stringify(REPORT))).toEqual({
    runId: REPORT.runId,
    name: 'windows',
    batchId: 7,
    startedMs: Date.UTC(2026, 0, 1, 0, 0, 1, 36),
    durationMs: REPORT.durationMs,
    watermarkMs: 59_800,
    numInputRows: 15,
    inputRowsPerSecond: 22,
    processedRowsPerSecond: 40,
    stateOperators: REPORT.stateOperators,
    sources: [
      {
        description: 'KafkaV2[Subscribe[data_raw]]',
        startOffset: { data_raw: { 0: 5 } },
        endOffset: { data_raw: { 0: 15 } },
        latestOffset: { data_raw: { 0: 20 } },
        numInputRows: 10,
      },
      { description: 'RateStreamV2', startOffset: null, endOffset: '3', latestOffset: '3', numInputRows: 5 },
    ],
    sink: { description: 'noop', numOutputRows: undefined },
  })
})

it('does without what a report does not say', () => {
  const { runId, timestamp, batchId } = REPORT
  expect(parseProgress(JSON.stringify({ runId, timestamp, batchId }))).toMatchObject({
    watermarkMs: undefined,
    numInputRows: 0,
    inputRowsPerSecond: undefined,
    stateOperators: [],
    sources: [],
  })
})

it('has no watermark before the first event', () => {
  const report = { ...REPORT, eventTime: { watermark: '1970-01-01T00:00:00.000Z' } }
  expect(parseProgress(JSON.stringify(report)).watermarkMs).toBeUndefined()
})
