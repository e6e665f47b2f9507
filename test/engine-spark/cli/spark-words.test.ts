import { expect, it } from 'vitest'
import { jobInWords } from '../../../src/cli/spark-words.js'
import { NOTHING_DONE } from '../../../src/spark/jobs/job-status.js'

it('says how a job is going, as far as it is known', () => {
  expect(jobInWords(NOTHING_DONE, 0)).toBe('0 messages, 0/s, 0 windows')
  const batch = { id: 12, rows: 200_000, durationMs: 4600 }
  expect(jobInWords({ ...NOTHING_DONE, read: 2_000_000, windows: 410, lag: 0, batch }, 43_100)).toBe(
    '2.00 M messages, 43.1 k/s, lag 0, 410 windows, batch 12: 200 k in 4.6s',
  )
  expect(jobInWords({ ...NOTHING_DONE, windows: 1, restarts: 2 }, 0)).toBe(
    '0 messages, 0/s, 1 window, started again 2 times',
  )
})
