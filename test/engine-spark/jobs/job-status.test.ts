import { expect, it } from 'vitest'
import { parseProgress } from '../../../src/spark/connect/progress.js'
import { afterReport, NOTHING_DONE } from '../../../src/spark/jobs/job-status.js'

function report(batchId: number, { rows = 100, dropped = 0, out = 2, end = '{"data_raw":{"0":150}}' } = {}) {
  return parseProgress(
    JSON.stringify({
      ...{ runId: 'one', batchId, timestamp: '2024-03-01T00:00:00.000Z', durationMs: { triggerExecution: 1500 } },
      stateOperators: [{ numRowsDroppedByWatermark: dropped }, { numRowsDroppedByWatermark: 0 }],
      sources: [
        { numInputRows: rows, endOffset: end, latestOffset: '{"data_raw":{"0":200}}' },
        { numInputRows: 1, endOffset: '{"data_raw":{"1":7}}', latestOffset: '{"data_raw":{"1":10}}' },
      ],
      sink: { numOutputRows: out },
    }),
  )
}

it('adds up what the reports of micro-batches say', () => {
  const first = afterReport(NOTHING_DONE, report(0))
  expect(first).toEqual({
    ...{ read: 101, windows: 2, lag: 53, dropped: 0, restarts: 0 },
    batch: { id: 0, rows: 101, durationMs: 1500 },
  })
  const second = afterReport(first, report(1, { dropped: 3, out: -1, end: '{"data_raw":{"0":200}}' }))
  expect(second).toMatchObject({ read: 202, windows: 2, lag: 3, dropped: 3, batch: { id: 1 } })
})

it('knows no lag where a source tells no offsets yet', () => {
  const nothing = parseProgress('{"runId":"one","batchId":0,"timestamp":"2024-03-01T00:00:00.000Z","sources":[{}]}')
  expect(afterReport(NOTHING_DONE, nothing)).toMatchObject({ read: 0, windows: 0, lag: 0 })
})
