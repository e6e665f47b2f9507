import type { Counted } from '../process/lane-counts.js'
import type { ProcessStatus } from '../process/process-topic.js'
import { formatCount, formatRate, plural } from './numbers.js'

/** The end of a batch analysis: `60.0 k rows read, 3 results sent`. */
export function batchInWords({ read, results }: Counted, interrupted: boolean): string {
  const sent = `${plural(results, 'result')} sent`
  return interrupted
    ? `interrupted after ${plural(read, 'row')}: ${sent}, of these rows alone`
    : `${plural(read, 'row')} read, ${sent}`
}

/** How `process` of a topic is going: `10 lanes, 2002 rows, 1000/s, lag 0, late 0, malformed 1`. */
export function statusInWords({ lanes, read, late, malformed, lag }: ProcessStatus, rate: number): string {
  return [
    plural(lanes, 'lane'),
    `${formatCount(read)} rows`,
    formatRate(rate),
    `lag ${formatCount(lag)}`,
    `late ${formatCount(late)}`,
    `malformed ${formatCount(malformed)}`,
  ].join(', ')
}
