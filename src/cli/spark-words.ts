import type { JobStatus } from '../spark/jobs/job-status.js'
import { formatCount, formatRate, plural } from './numbers.js'

/** How a job on Spark is going: `2.00 M messages, 43.1 k/s, lag 0, 410 windows, batch 12: 200 k in 4.6s`. */
export function jobInWords({ read, windows, lag, batch, restarts }: JobStatus, rate: number): string {
  return [
    `${formatCount(read)} messages`,
    formatRate(rate),
    ...(lag === undefined ? [] : [`lag ${formatCount(lag)}`]),
    plural(windows, 'window'),
    ...(batch ? [`batch ${batch.id}: ${formatCount(batch.rows)} in ${(batch.durationMs / 1000).toFixed(1)}s`] : []),
    ...(restarts > 0 ? [`started again ${plural(restarts, 'time')}`] : []),
  ].join(', ')
}
