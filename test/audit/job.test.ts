import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { auditJob } from '../../src/audit/job/audit-job.js'
import { auditInWords } from '../../src/audit/words.js'
import type { Result } from '../../src/core/results/result.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { type Log, MESSAGE_KIND } from '../../src/log/log.js'
import { outgoing } from '../log/messages.js'
import { type AuditChanges, auditOf } from '../support/audit-of.js'
import { SPREADS, type Spread, spreadOver } from '../support/distributed.js'
import { type JobMessage, type JobOptions, sparkResults } from '../support/spark-job.js'
import { denseRows, type StreamRow } from '../support/stream.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** `data_raw` with these records, one a message, without a key; an end mark where there is none. */
class JobTopic {
  private constructor(
    readonly log: Log,
    readonly partitions: readonly (readonly JobMessage[])[],
  ) {}

  static async make(records: readonly (readonly string[])[]): Promise<JobTopic> {
    const log = await openEmbeddedLog(await temporaryFolder())
    onTestFinished(() => log.close())
    await log.createTopic({ name: 'data_raw', partitions: records.length })
    for (const [partition, values] of records.entries()) {
      const kind = Uint8Array.from(values, (value) => (value === '' ? MESSAGE_KIND.end : MESSAGE_KIND.text))
      await log.append('data_raw', [outgoing(partition, values, { kind, keyedByOrbit: false })])
    }
    const messages = records.map((values) =>
      values.flatMap((value, offset) => (value === '' ? [] : [{ offset, records: value.split('\n') }])),
    )
    return new JobTopic(log, messages)
  }

  results(options: Partial<JobOptions> = {}) {
    return sparkResults({ partitions: this.partitions, ...options })
  }

  async audit(results: readonly Result[], changes: AuditChanges = {}) {
    const ended = await auditOf(this.log, { clean: 'data_raw', results: inTurn(results), ...changes })
    return ended ?? expect.fail('it was not interrupted')
  }
}

async function* inTurn(results: readonly Result[]): AsyncGenerator<Result> {
  yield* results
}

/** In two partitions by turns; end marks in the midst of each stand for offsets without a message. */
function inTwo(rows: readonly StreamRow[]): string[][] {
  return [0, 1].map((partition) =>
    rows.filter((_, i) => i % 2 === partition).flatMap(({ text }, i) => (i % 100 === 99 ? [text, ''] : [text])),
  )
}

const ROWS = denseRows(11, 1200, 5_000_000)
const withHits = (windows: readonly Result[], hits: number) => windows.findIndex(({ hit_count }) => hit_count > hits)

describe('an audit of a Spark job', () => {
  it('is exact, whatever the partitions, the rows, the micro-batches and the windows, through the wrap', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          start: fc.constantFrom(0, 70_000, 2 ** 32 - 20_000),
          partitions: fc.integer({ min: 1, max: 4 }),
          how: fc.constantFrom<Spread>(...SPREADS),
          perBatch: fc.integer({ min: 1, max: 300 }),
          intervalUs: fc.constantFrom(100_000, 1_000_000, 7_000_000),
        }),
        async ({ seed, start, partitions, how, perBatch, intervalUs }) => {
          const rows = denseRows(seed, 200, start)
          const places = spreadOver(rows, partitions, how, seed)
          const records = Array.from({ length: partitions }, (_, partition) => [
            ...rows.filter((_, i) => places[i] === partition).map(({ text }) => text),
            'no row',
            '',
          ])
          const topic = await JobTopic.make(records)
          const { rows: batches, windows } = topic.results({ perBatch, intervalUs })
          const results = [...windows].reverse().concat(batches)
          const audit = await topic.audit(results)
          expect(auditInWords(audit)).toEqual([
            `exact: ${results.length} results of a Spark job, ${rows.length + partitions} rows`,
          ])
          expect(audit).toMatchObject({
            pending: 0,
            unchecked: 0,
            late: 0,
            lanes: [],
            job: { openHits: 0, lostHits: 0 },
          })
        },
      ),
      { numRuns: 40 },
    )
  })

  it.each([
    ['before the wrap', 3_000_000_000],
    ['behind the wrap', 2_000_000_000],
    ['far ahead', 4_200_000_000],
  ])('is exact with absurd orbits, which have windows of their own, %s', async (_, absurd) => {
    const rows = denseRows(4, 300, 3_500_000_000).map(({ text }) => text)
    const topic = await JobTopic.make([[...rows.slice(0, 400), `2,0,7,${absurd},100,5`, ...rows.slice(400)], ['']])
    const { rows: batches, windows } = topic.results()
    expect(windows.at(-1)?.hit_count).toBe(1)
    expect(await topic.audit([...batches, ...windows])).toMatchObject({ verdict: 'exact', job: { openHits: 0 } })
  })

  it('names what was sent again, and drops it', async () => {
    const topic = await JobTopic.make(inTwo(ROWS))
    const { rows, windows } = topic.results()
    const audit = await topic.audit([...rows, ...windows, rows[1], windows[2]])
    const [{ from, to }] = windows[2].source
    expect(audit).toMatchObject({ verdict: 'exact', results: rows.length + windows.length })
    expect(auditInWords(audit).slice(0, 2).sort()).toEqual([
      expect.stringMatching(
        /^job: the result of offsets 0 up to \d+ of partition 1 was sent again; whoever reads drops it$/,
      ),
      `job: the result of orbits ${from} up to ${to} was sent again; whoever reads drops it`,
    ])
  })

  it('finds a count that is wrong, of rows and of a window', async () => {
    const topic = await JobTopic.make(inTwo(ROWS))
    const { rows, windows } = topic.results()
    rows[2] = { ...rows[2], rows: { ...rows[2].rows, ancillary: 1000 } }
    const drift = windows[1].drift_time_chamber
    windows[1] = { ...windows[1], drift_time_chamber: { ...drift, 2: { ...drift[2], overflow: 9 } } }
    const audit = await topic.audit([...rows, ...windows])
    expect(audit.verdict).toBe('different')
    expect(auditInWords(audit).sort().slice(-2)).toEqual([
      `job: partition 0: result ${rows[2].msg_ID}: rows.ancillary is 1000, should be ${topic.results().rows[2].rows.ancillary}`,
      `job: window: result ${windows[1].msg_ID}: drift_time_chamber.2.overflow is 9, should be 0`,
    ])
  })

  it('finds a window that is missing; behind the last one that has closed it may be open', async () => {
    const topic = await JobTopic.make(inTwo(ROWS))
    const { rows, windows } = topic.results({ intervalUs: 500_000 })
    const [missing, last] = [windows[2], windows.at(-1) as Result]
    const lacking = await topic.audit([...rows, ...windows.filter((one) => one !== missing)])
    expect(lacking).toMatchObject({ verdict: 'different', job: { lostHits: missing.hit_count, openHits: 0 } })
    expect(auditInWords(lacking)[0]).toMatch(/^job: gap: no window has the rows of orbits \d+ up to \d+$/)
    const { breaks } = lacking.job ?? expect.fail()
    expect(breaks).toHaveLength(1)
    expect(breaks[0].from).toBeGreaterThanOrEqual(missing.source[0].from)
    expect(breaks[0].to).toBeLessThanOrEqual(missing.source[0].to)
    const open = await topic.audit([...rows, ...windows.slice(0, -1)])
    expect(open).toMatchObject({ verdict: 'exact', job: { openHits: last.hit_count, lostHits: 0, breaks: [] } })
    expect(auditInWords(open).at(-1)).toBe(`${last.hit_count} hits in windows that have not closed yet`)
    const early = await topic.audit(rows)
    const openHits = rows.reduce((sum, one) => sum + one.rows.hits, 0)
    expect(early).toMatchObject({ verdict: 'exact', pending: 0, job: { since: [], openHits } })
  })

  it('finds hits that Spark has dropped, as they came when their window had closed', async () => {
    const topic = await JobTopic.make(inTwo(ROWS))
    const dropped = new Set(
      ROWS.map(({ text }) => text)
        .filter((text) => text.startsWith('2,0,'))
        .slice(50, 53),
    )
    const lost = ROWS.filter(({ text }) => dropped.has(text)).length
    const { rows, windows } = topic.results({ dropped })
    const audit = await topic.audit([...rows, ...windows])
    expect(audit).toMatchObject({ verdict: 'different', job: { lostHits: lost } })
    const words = auditInWords(audit)
    expect(words).toContain(`job: ${lost} hits in no window, though it has closed: Spark drops what comes then`)
    const at = withHits(windows, 0)
    expect(words[0]).toMatch(new RegExp(`^job: window: result ${windows[at].msg_ID}: `))
  })

  it('finds rows that no result covers, and those that two cover; offsets without rows are no hole', async () => {
    const topic = await JobTopic.make(inTwo(ROWS))
    const { rows, windows } = topic.results()
    const own = rows.filter(({ source: [range] }) => 'partition' in range && range.partition === 1)
    const [from, to] = [own[1].source[0].from, own[1].source[0].to]
    const gap = await topic.audit([...rows.filter((one) => one !== own[1]), ...windows])
    expect(gap).toMatchObject({ verdict: 'different', job: { breaks: [{ kind: 'gap', partition: 1, from, to }] } })
    const longer = { ...own[1], source: [{ ...own[1].source[0], to: to + 5 }] }
    const overlap = await topic.audit([...rows.map((one) => (one === own[1] ? longer : one)), ...windows])
    expect(overlap.verdict).toBe('different')
    expect(auditInWords(overlap)[0]).toMatch(
      /^job: overlap: another result counts offsets \d+ up to \d+ of partition 1 again$/,
    )
    const last = own.at(-1) as Result
    const pending = await topic.audit([...rows.filter((one) => one !== last), ...windows])
    expect(pending).toMatchObject({ verdict: 'exact', pending: last.rows.read })
    expect(auditInWords(pending)).toContain(`${last.rows.read} messages not processed yet`)
  })

  it('takes jobs one after the other, the orbits of the second beginning anew', async () => {
    const [first, second] = [denseRows(1, 300, 40_000), denseRows(2, 300, 10)]
    const records = inTwo(first).map((values, partition) => [...values, '', ...inTwo(second)[partition]])
    const topic = await JobTopic.make(records)
    const since = inTwo(first).map(({ length }) => length + 1)
    const before = topic.partitions.map((messages, partition) =>
      messages.filter(({ offset }) => offset < since[partition]),
    )
    const one = topic.results({ partitions: before })
    const other = topic.results({ since })
    const results = [...other.rows, ...one.windows, ...one.rows, ...other.windows]
    expect(await topic.audit(results)).toMatchObject({ verdict: 'exact', pending: 0, job: { since: [[0, 0], since] } })
    // what the first left open no window will ever have
    const cut = results.filter((result) => result !== one.windows.at(-1))
    expect(await topic.audit(cut)).toMatchObject({
      ...{ verdict: 'different', job: { lostHits: one.windows.at(-1)?.hit_count, openHits: 0 } },
    })
    const without = [...one.rows, ...other.rows, ...other.windows]
    const lostHits = one.rows.reduce((sum, { rows }) => sum + rows.hits, 0)
    expect(await topic.audit(without)).toMatchObject({ verdict: 'different', job: { lostHits, differences: [] } })
    const neither = topic.results({ since: [since[0], 0] })
    const twice = topic.audit([...results, ...topic.results({ since: [0, since[1]] }).windows, ...neither.windows])
    await expect(twice).rejects.toThrow('neither behind the other')
  })

  it('refuses results of another run file, and those of lanes beside those of a job', async () => {
    const topic = await JobTopic.make(inTwo(ROWS))
    const { rows, windows } = topic.results()
    await expect(topic.audit([...rows, { ...windows[0], geometry: 'another' }])).rejects.toThrow(
      `window ${windows[0].msg_ID} was made with another run file: its digest is another`,
    )
    const lane = { ...rows[0], worker: 'dtstream/host-1/0' }
    await expect(topic.audit([...rows, lane])).rejects.toThrow('by lanes, and others by a Spark job')
    const other = topic.results({ group: 'other' })
    expect(await topic.audit([...rows, ...windows, ...other.windows.slice(1)])).toMatchObject({ verdict: 'exact' })
  })

  it('refuses results of rows that were never written', async () => {
    const topic = await JobTopic.make(inTwo(ROWS.slice(0, 100)))
    const more = await JobTopic.make(inTwo(ROWS))
    const { rows, windows } = more.results()
    await expect(topic.audit([...rows, ...windows])).rejects.toThrow('was never written')
  })

  it('holds few rows, as it reads partitions in step and computes windows that all have passed', async () => {
    const rows = denseRows(3, 4000, 2 ** 32 - 300_000)
    const byTurns = [0, 1].map((partition) => rows.filter((_, i) => i % 2 === partition).map(({ text }) => text))
    const topic = await JobTopic.make([[], []])
    for (let i = 0; i < byTurns[0].length; i += 200)
      for (const [partition, own] of byTurns.entries())
        await topic.log.append('data_raw', [outgoing(partition, own.slice(i, i + 200), { keyedByOrbit: false })])
    const partitions = byTurns.map((own) => own.map((record, offset) => ({ offset, records: [record] })))
    const { rows: batches, windows } = topic.results({ partitions, intervalUs: 500_000 })
    const settings = { run: DEFAULT_RUN, geometry: geometryDigest(DEFAULT_RUN), grace: 2048, orbitDetail: true }
    const raw = (await topic.log.topic('data_raw')) ?? expect.fail()
    const options = { log: topic.log, raw, settings, signal: new AbortController().signal }
    const results = [...batches, ...windows]
    const job = await auditJob(options, { results, trimmed: false }, () => undefined, 100)
    expect(job).toMatchObject({ breaks: [], differences: [], moreDifferences: 0, lostHits: 0, openHits: 0 })
    expect(job?.rows).toBe(rows.length)
  })
})

describe('an audit of a Spark job where retention has deleted', () => {
  const HOUR_MS = 3_600_000

  /** Eight hours of rows, of which those of the last three hours are kept, and the job's results of all. */
  async function kept() {
    let nowMs = 0
    const log = await openEmbeddedLog(await temporaryFolder(), { now: () => nowMs })
    onTestFinished(() => log.close())
    await log.createTopic({ name: 'data_raw', partitions: 1, retentionMs: 3 * HOUR_MS })
    await log.createTopic({ name: 'kept', partitions: 1, retentionMs: 3 * HOUR_MS })
    const records = Array.from({ length: 800 }, (_, i) => `2,0,7,${10_000 * i},100,5`)
    const messages = records.map((record, offset) => ({ offset, records: [record] }))
    const { rows, windows } = sparkResults({ partitions: [messages] })
    for (let hour = 0; hour < 8; hour++) {
      nowMs = hour * HOUR_MS
      await log.append('data_raw', [outgoing(0, records.slice(100 * hour, 100 * (hour + 1)))])
      const sent = [rows[hour], ...windows.slice(hour * 90, hour === 7 ? undefined : (hour + 1) * 90)]
      await log.append('kept', [
        outgoing(
          0,
          sent.map((one) => JSON.stringify(one)),
        ),
      ])
    }
    return { log, rows, windows }
  }

  it('rows checks the windows that surely have all of theirs', async () => {
    const { log, rows, windows } = await kept()
    const [{ start }] = (await log.offsets('data_raw')) ?? expect.fail()
    expect(start).toBeGreaterThan(0)
    const results = [...rows, ...windows]
    const audit = (await auditOf(log, { clean: 'data_raw', results: inTurn(results) })) ?? expect.fail()
    const gone = windows.filter(({ source: [{ from }] }) => from < 10_000 * start + 2 ** 20)
    expect(audit).toMatchObject({ verdict: 'exact', unchecked: gone.length + start / 100, rows: 800 - start })
    expect(gone.length).toBeLessThan(windows.length - 100)
  })

  it('results checks those that are kept', async () => {
    const { log, windows } = await kept()
    const audit = (await auditOf(log, { clean: 'kept' })) ?? expect.fail()
    expect(audit).toMatchObject({ verdict: 'exact', job: { trimmed: true } })
    expect(audit.results - audit.unchecked).toBeGreaterThan(100)
    expect(audit.results).toBeLessThan(windows.length)
    expect(auditInWords(audit)).toContain('earlier results not checked: retention has deleted them')
  })
})
