import { beforeEach, describe, expect, it } from 'vitest'
import type { Result, TopicRange } from '../../src/core/results/result.js'
import type { Log, PartitionReader } from '../../src/log/log.js'
import { resultValue } from '../../src/sinks/topic.js'
import { outgoing } from '../log/messages.js'
import { type AuditChanges, auditOf } from '../support/audit-of.js'
import { hit, LaneTopic, outline } from '../support/lane-topic.js'

let topic: LaneTopic
beforeEach(async () => {
  topic = await LaneTopic.make()
})

/** Five results of 20 rows each and an end mark, the last of them with what the end closed. */
async function process(): Promise<Result[]> {
  const rows = (at: number) => () => topic.append(...Array.from({ length: 20 }, (_, i) => hit(at + 3 * i, i)))
  await topic.run({
    grace: 16,
    events: [
      ...[0, 1, 2, 3].map((second) => [second * 1000 + 100, rows(1000 + 60 * second)] as const),
      [4100, rows(1240)],
      [4200, () => topic.appendEndMark()],
      [5500, 'stop'],
    ],
  })
  return topic.results()
}

/** Puts these on a topic of results, as they are. */
async function put(name: string, results: readonly (Result | string)[]): Promise<void> {
  await topic.log.createTopic({ name, partitions: 1 })
  const values = results.map((one) =>
    typeof one === 'string' ? one : Buffer.from(resultValue(one, { maxMessageBytes: 8 * 1024 ** 2 })).toString(),
  )
  await topic.log.append(name, [outgoing(0, values, { keyedByOrbit: false })])
}

/** The verdict on `data_clean` if it held these instead. */
async function auditOn(results: readonly (Result | string)[], changes: AuditChanges = {}) {
  await put('tampered', results)
  const audit = await auditOf(topic.log, {
    clean: 'tampered',
    ...changes,
    settings: { grace: 16, ...changes.settings },
  })
  if (!audit) throw new Error('it was interrupted')
  return { ...audit, ...audit.lanes[0] }
}

/** The log, as if a reader of rows got nothing more from this offset on. */
function silentFrom(log: Log, offset: number): Log {
  return Object.assign(Object.create(log) as Log, {
    async reader(name: string, partition: number, from: number): Promise<PartitionReader> {
      const reader = await log.reader(name, partition, from)
      let next = from
      const read = async (waitMs: number) => {
        if (name === 'data_raw' && next >= offset) return undefined
        const batch = await reader.next(waitMs)
        next = batch?.nextOffset ?? next
        return batch
      }
      return { next: read, close: () => reader.close() }
    },
  })
}

function withRange(result: Result, range: Partial<TopicRange>): Result {
  return { ...result, source: [{ ...(result.source[0] as TopicRange), ...range }] }
}

describe('an audit of results', () => {
  it('as they were sent finds them exact', async () => {
    const results = await process()
    expect(outline(results)).toEqual([
      [0, 0, 20, 20, 14],
      [1, 20, 40, 20, 20],
      [2, 40, 60, 20, 20],
      [3, 60, 80, 20, 20],
      [4, 80, 101, 20, 26],
    ])
    const whole = { results: 5, unchecked: 0, unkept: 0, rows: 100, late: 0, pending: 0 }
    expect(await auditOf(topic.log, { settings: { grace: 16 } })).toEqual({
      ...{ verdict: 'exact', ...whole },
      lanes: [{ partition: 0, partitions: [0], ...whole, breaks: [], differences: [], moreDifferences: 0 }],
    })
  })

  it('in any order finds them exact', async () => {
    const results = await process()
    expect(await auditOn(results.toReversed())).toMatchObject({ verdict: 'exact', results: 5, rows: 100 })
  })

  it('finds one that is missing, and nothing wrong with the next', async () => {
    const results = await process()
    expect(await auditOn(results.toSpliced(2, 1))).toMatchObject({
      ...{ verdict: 'different', results: 4, rows: 80, differences: [] },
      breaks: [{ kind: 'gap', partition: 0, from: 40, to: 60, msg_ID: 3 }],
    })
  })

  it('finds that the first is missing', async () => {
    const results = await process()
    expect(await auditOn(results.slice(1))).toMatchObject({
      ...{ verdict: 'different', results: 4, rows: 80, differences: [] },
      breaks: [{ kind: 'gap', partition: 0, from: 0, to: 20, msg_ID: 1 }],
    })
  })

  it('finds that the last are missing, because their state was committed', async () => {
    const results = await process()
    expect(await auditOn(results.slice(0, 3))).toMatchObject({
      ...{ verdict: 'different', results: 3, rows: 60, differences: [], pending: 41 },
      breaks: [{ kind: 'gap', partition: 0, from: 60, to: 101, msg_ID: 5 }],
    })
  })

  it('leaves out one that was sent again', async () => {
    const results = await process()
    expect(await auditOn([...results, results[1]])).toMatchObject({
      ...{ verdict: 'exact', results: 5, rows: 100 },
      breaks: [{ kind: 'repeated', partition: 0, from: 20, to: 40, msg_ID: 1 }],
    })
  })

  it('finds one that overlaps another', async () => {
    const results = await process()
    const overlapping = withRange(results[2], { from: 37 })
    expect(await auditOn(results.with(2, overlapping))).toMatchObject({
      verdict: 'different',
      breaks: [
        { kind: 'overlap', partition: 0, from: 37, to: 40, msg_ID: 2 },
        { kind: 'gap', partition: 0, from: 40, to: 60, msg_ID: 3 },
      ],
    })
  })

  it('names every count that was changed', async () => {
    const results = await process()
    const one = structuredClone(results[3])
    one.rows.hits++
    one.hit_count_chamber[0] -= 2
    one.tdc_counts_chamber['0'].hist_counts[1]++
    one.drift_time_chamber['2'].overflow = 7
    expect(await auditOn(results.with(3, one))).toMatchObject({
      verdict: 'different',
      breaks: [],
      differences: [
        { msg_ID: 3, field: 'rows.hits', expected: 20, found: 21 },
        { msg_ID: 3, field: 'hit_count_chamber[0]', expected: 20, found: 18 },
        { msg_ID: 3, field: 'tdc_counts_chamber.0[1]', expected: 1, found: 2 },
        { msg_ID: 3, field: 'drift_time_chamber.2.overflow', expected: 0, found: 7 },
      ],
    })
  })

  it('lists twenty differences, and counts the others: a wrong grace makes many', async () => {
    const audit = await auditOn(await process(), { settings: { grace: 64 } })
    expect(audit).toMatchObject({ verdict: 'different', breaks: [] })
    expect(audit.differences).toHaveLength(20)
    expect(audit.differences[0]).toEqual({ msg_ID: 0, field: 'orbits.count', expected: 0, found: 14 })
    expect(audit.moreDifferences).toBeGreaterThan(20)
  })

  it('passes over what is no result, and what is of other groups and topics', async () => {
    const results = await process()
    const others = [
      { ...results[0], worker: 'dtstream/other/test/0' },
      { ...results[0], worker: 'other/test/0', geometry: 'another' },
      withRange(results[0], { topic: 'another' }),
      { ...results[0], worker: 'merge' },
      { ...results[0], source: [{ name: 'rows.txt', from: 0, to: 20, watermark: null }] },
    ]
    expect(await auditOn(['hello', ...others, '{"msg_ID":1}', ...results])).toMatchObject({
      verdict: 'exact',
      results: 5,
    })
  })

  it('tells of rows that are not processed yet', async () => {
    const results = await process()
    await topic.append(hit(2000), hit(2001), hit(2002))
    expect(await auditOn(results)).toMatchObject({ verdict: 'exact', rows: 100, pending: 3 })
  })

  it('has nothing to say of a group without results', async () => {
    await process()
    expect(await auditOn([], { group: 'nobody' })).toMatchObject({ verdict: 'exact', results: 0, pending: 101 })
  })

  it('refuses results of another run file', async () => {
    const results = await process()
    const other = auditOn(results.with(2, { ...results[2], geometry: 'another' }))
    await expect(other).rejects.toThrow(
      'result 2 of lane 0 was made with another run file: its digest is another, not ',
    )
  })

  it('refuses topics that do not exist', async () => {
    await process()
    await expect(auditOf(topic.log, { raw: 'nowhere' })).rejects.toThrow('there is no topic nowhere')
    await expect(auditOf(topic.log, { clean: 'nowhere' })).rejects.toThrow('there is no topic nowhere')
  })

  it('takes no silence for the end of rows that the topic says it has', async () => {
    await process()
    await expect(auditOf(silentFrom(topic.log, 40), { settings: { grace: 16 } })).rejects.toMatchObject({
      message: 'data_raw/0 goes on at offset 40, but nothing came for 30 s',
      suggestions: [expect.stringContaining('try again'), expect.stringContaining('transaction')],
      exit: 1,
    })
  })

  it('refuses results of rows that the topic never had', async () => {
    const results = await process()
    await expect(auditOn(results.with(4, withRange(results[4], { to: 500 })))).rejects.toThrow(
      'message 499 of data_raw/0 was never written; the next one will be 101',
    )
  })

  it('that is interrupted has no verdict', async () => {
    await process()
    expect(await auditOf(topic.log, { signal: AbortSignal.abort() })).toBeUndefined()
  })
})

describe('an audit where retention has deleted', () => {
  const HOUR_MS = 3_600_000

  it('rows checks the results behind which no orbit can be open that had rows there', async () => {
    topic = await LaneTopic.make({ retentionMs: HOUR_MS })
    const rows = (from: number) => Array.from({ length: 1000 }, (_, i) => hit(from + 600 * i))
    for (let i = 0; i < 8; i++) {
      topic.nowMs = (i * HOUR_MS) / 6
      await topic.append(...rows(600_000 * i))
      await topic.run({ grace: 16 })
    }
    // kept are the rows from the second result on; those of the next two take the time on by 2^20 orbits
    expect((await topic.log.topic('data_raw'))?.offsets).toMatchObject([{ start: 1000, end: 8000 }])
    const results = await topic.results()
    expect(await auditOn(results)).toMatchObject({ verdict: 'exact', results: 8, unchecked: 3, rows: 5000, pending: 0 })
    const one = structuredClone(results[5])
    one.rows.hits++
    await topic.log.deleteTopic('tampered')
    expect(await auditOn(results.with(5, one))).toMatchObject({
      verdict: 'different',
      differences: [{ msg_ID: 5, field: 'rows.hits', expected: 1000, found: 1001 }],
    })
  })

  it('rows that were not counted finds the gap', async () => {
    topic = await LaneTopic.make({ retentionMs: HOUR_MS })
    await topic.append(hit(10))
    await topic.appendEndMark()
    await topic.run({ grace: 16 })
    for (const minutes of [2, 10, 65]) {
      topic.nowMs = (minutes * HOUR_MS) / 60
      await topic.append(hit(minutes))
    }
    await topic.run({ grace: 16 })
    expect(await auditOn(await topic.results())).toMatchObject({
      ...{ verdict: 'different', results: 2, unchecked: 2, differences: [] },
      breaks: [{ kind: 'gap', partition: 0, from: 2, to: 3, msg_ID: 1 }],
    })
  })

  it('results checks those that are kept', async () => {
    const results = await process()
    await topic.log.createTopic({ name: 'kept', partitions: 1, retentionMs: HOUR_MS })
    const append = (some: Result[]) =>
      topic.log.append('kept', [
        outgoing(
          0,
          some.map((one) => JSON.stringify(one)),
        ),
      ])
    await append(results.slice(0, 2))
    topic.nowMs += 2 * HOUR_MS
    await append(results.slice(2))
    expect(await auditOf(topic.log, { clean: 'kept', settings: { grace: 16 } })).toMatchObject({
      ...{ verdict: 'exact', results: 3, unkept: 2, unchecked: 0, rows: 60 },
    })
  })
})
