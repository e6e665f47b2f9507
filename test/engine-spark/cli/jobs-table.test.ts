import { expect, it } from 'vitest'
import { jobsTable } from '../../../src/cli/jobs-table.js'

it('shows a job a line', () => {
  const job = { topic: 'data_raw', resultsTo: 'data_clean', spark: '127.0.0.1:15002', checkpoint: 'file:///c' }
  const startedAt = '2024-03-01T00:00:00.000Z'
  const jobs = [
    { ...job, name: 'cosmics', state: 'running' as const, startedAt },
    { ...job, name: 'calibration', state: 'lost' as const, startedAt },
  ]
  expect(jobsTable(jobs).split('\n')).toEqual([
    'job          state    rows      results     spark            started',
    'cosmics      running  data_raw  data_clean  127.0.0.1:15002  2024-03-01T00:00:00.000Z',
    'calibration  lost     data_raw  data_clean  127.0.0.1:15002  2024-03-01T00:00:00.000Z',
  ])
})
