import { expect, it } from 'vitest'
import type { Audit } from '../../src/audit/audit.js'
import type { LaneAudit } from '../../src/audit/lane-audit.js'
import { auditInWords } from '../../src/audit/words.js'

const NOTHING = { results: 0, unchecked: 0, unkept: 0, rows: 0, late: 0, pending: 0 }

function words(changes: Partial<Audit>, ...lanes: Partial<LaneAudit>[]): string[] {
  const whole = lanes.map((lane, partition) => ({
    ...{ partition, partitions: [partition], ...NOTHING, breaks: [], differences: [], moreDifferences: 0 },
    ...lane,
  }))
  return auditInWords({ verdict: 'exact', ...NOTHING, ...changes, lanes: whole })
}

it('an exact verdict is one line', () => {
  expect(words({ results: 45, rows: 12_345 }, {}, {})).toEqual(['exact: 45 results of 2 lanes, 12345 rows'])
})

it('what the verdict leaves out is said', () => {
  expect(words({ results: 1, rows: 100, late: 3, unchecked: 2, unkept: 4, pending: 1 }, {})).toEqual([
    'exact: 1 result of 1 lane, 100 rows',
    '3 of them late: counted in results 1 to 3, not in 4 to 6',
    '2 results not checked: retention has deleted their rows',
    '4 results before them not checked: retention has deleted them',
    '1 message not processed yet',
  ])
})

it('what is wrong is said lane by lane', () => {
  const breaks: LaneAudit['breaks'] = [
    { kind: 'gap', partition: 0, from: 10, to: 20, msg_ID: 3 },
    { kind: 'gap', partition: 0, from: 30, to: 30, msg_ID: 5 },
    { kind: 'overlap', partition: 0, from: 40, to: 42, msg_ID: 6 },
    { kind: 'repeated', partition: 0, from: 50, to: 60, msg_ID: 7 },
  ]
  const differences = [{ msg_ID: 8, field: 'drift_time_chamber.1[97.5]', expected: 4, found: 5 }]
  expect(words({ verdict: 'different' }, { breaks }, { differences, moreDifferences: 2 })).toEqual([
    'lane 0: gap before result 3: no result covers offsets 10 up to 20',
    'lane 0: gap before result 5: the one before it is missing',
    'lane 0: overlap: result 6 counts offsets 40 up to 42 again',
    'lane 0: result 7 was sent again; whoever reads drops it',
    'lane 1: result 8: drift_time_chamber.1[97.5] is 5, should be 4',
    'lane 1: 2 more differences',
    'different: 0 results of 2 lanes, 0 rows',
  ])
})

it('breaks of a lane of several partitions name the partition', () => {
  const breaks: LaneAudit['breaks'] = [
    { kind: 'gap', partition: 2, from: 10, to: 20, msg_ID: 3 },
    { kind: 'overlap', partition: 1, from: 40, to: 42, msg_ID: 6 },
  ]
  expect(words({ verdict: 'different' }, { partitions: [0, 1, 2], breaks }).slice(0, 2)).toEqual([
    'lane 0: gap before result 3: no result covers offsets 10 up to 20 of partition 2',
    'lane 0: overlap: result 6 counts offsets 40 up to 42 of partition 1 again',
  ])
})

it('a chain with many breaks has twenty listed', () => {
  const repeated = { kind: 'repeated' as const, partition: 0 }
  const breaks = Array.from({ length: 23 }, (_, i) => ({ ...repeated, from: i, to: i + 1, msg_ID: i }))
  const lines = words({}, { breaks })
  expect(lines).toHaveLength(22)
  expect(lines[20]).toBe('lane 0: 3 more breaks in the chain')
})
