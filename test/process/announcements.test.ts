import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HitColumns } from '../../src/core/hits/hit-columns.js'
import { compareCounts } from '../../src/core/results/compare.js'
import type { Result, TopicRange } from '../../src/core/results/result.js'
import { SCINTILLATOR } from '../../src/core/run-file/chamber-map.js'
import { auditOf } from '../support/audit-of.js'
import { anyContent, type Content, rowsOf } from '../support/distributed.js'
import { append, fill, isDeath, mortal, piecesOf } from '../support/fed-topic.js'
import { foldText } from '../support/lane.js'
import { type Event, LaneTopic, type RunChanges, sumOf } from '../support/lane-topic.js'
import { type StreamRow, seeded, textOf } from '../support/stream.js'

/** Files as an idempotent sink writes them, by lane and range; `die` ends the worker before or after one is there. */
class Files {
  readonly results = new Map<string, string>()
  readonly hits = new Map<string, string[]>()
  repeated = 0

  sinks(die: () => void) {
    return {
      deliver: async ({ result }: { result: Result }) => {
        die()
        this.put(this.results, nameOf(result), contentOf(result))
        die()
      },
      writeHits: async (result: Result, hits: HitColumns) => {
        die()
        this.put(this.hits, nameOf(result), hitsOf(hits))
        die()
      },
    }
  }

  private put<T>(files: Map<string, T>, name: string, content: T): void {
    const there = files.get(name)
    if (there === undefined) files.set(name, content)
    else {
      this.repeated++
      expect(content).toEqual(there)
    }
  }
}

const rangesOf = ({ source }: Result) => source as TopicRange[]
const nameOf = (result: Result) =>
  rangesOf(result)
    .map(({ from, to }) => `${from}-${to}`)
    .join(' ')

function contentOf({ worker: _worker, interval: _interval, ...content }: Result): string {
  return JSON.stringify(content)
}

function hitsOf({ length, run, orbit, chamber, cell, time }: HitColumns): string[] {
  return Array.from({ length }, (_, i) => `${run[i]} ${orbit[i]} ${chamber[i]} ${cell[i]} ${time[i]}`)
}

/** The hits and scintillator signals of rows, without their run. */
function hitsIn(rows: readonly StreamRow[]): string[] {
  return rows.flatMap(({ text }) => {
    const [head, fpga, channel, orbit, bx, tdc] = text.split(',').map(Number)
    if (head !== 2) return []
    const time = 30 * bx + tdc
    if (fpga === 1 && channel === 128) return [`${orbit} ${SCINTILLATOR} 0 ${time}`]
    return fpga > 1 || channel > 127 ? [] : [`${orbit} ${2 * fpga + (channel >> 6)} ${channel & 63} ${time}`]
  })
}

function expectAll(files: Files, content: Content, rows: readonly StreamRow[]): void {
  const results = [...files.results.values()].map(
    (text) => ({ ...JSON.parse(text), worker: '', interval: {} }) as Result,
  )
  const sum = sumOf(results.sort((a, b) => a.msg_ID - b.msg_ID))
  expect(compareCounts(foldText(textOf(rows), { grace: content.grace }), sum)).toEqual([])
  expect([...files.hits.keys()].sort()).toEqual([...files.results.keys()].sort())
  const hits = [...files.hits.values()].flat().map((hit) => hit.slice(hit.indexOf(' ') + 1))
  expect(hits.sort()).toEqual(hitsIn(rows).sort())
}

const ANNOUNCING: RunChanges = { announces: true, recordsHits: true }

/** Dies at one of the moments around a commit or a file. */
function mortalWriter(topic: LaneTopic, content: Content, lives: number, files: Files): RunChanges {
  const random = seeded(content.seed + 7 * lives)
  let left = lives / 4
  const die = () => {
    if (left-- <= 0 && random() < 0.5) throw new Error('died')
  }
  return { ...mortal(topic, content, lives), ...ANNOUNCING, sinks: files.sinks(die) }
}

describe('what is written where no transaction takes it back is the same when it is written again', () => {
  const anyDeaths = fc.array(fc.nat(40), { maxLength: 8 })
  const contents = fc.tuple(anyContent, fc.boolean()).map(([content, isKeyed]) => ({
    ...content,
    partitions: isKeyed ? 1 : content.partitions,
  }))
  let repeated = 0

  it('a backlog, with workers that die', async () => {
    await fc.assert(
      fc.asyncProperty(contents, anyDeaths, fc.boolean(), async (content, deaths, toTopic) => {
        const topic = await LaneTopic.make({ partitions: content.partitions })
        const to: RunChanges = toTopic ? {} : { commitTo: undefined }
        const rows = rowsOf(content)
        await fill(topic, content, rows)
        const files = new Files()
        for (const lives of deaths) {
          const changes = mortalWriter(topic, content, lives, files)
          await topic.run({ ...changes, ...to, events: [[topic.nowMs + 3000, 'stop']] }).catch(isDeath)
        }
        const last = { ...ANNOUNCING, ...to, grace: content.grace, sinks: files.sinks(() => undefined) }
        await topic.run({ ...last, events: [[topic.nowMs + 60_000, 'stop']] })
        expectAll(files, content, rows)
        repeated += files.repeated
        if (toTopic)
          expect(await auditOf(topic.log, { settings: { grace: content.grace } })).toMatchObject({ verdict: 'exact' })
      }),
      { numRuns: 60 },
    )
    expect(repeated).toBeGreaterThan(0)
  }, 120_000)

  it('rows that come while it is at work, with pauses and workers that die', async () => {
    await fc.assert(
      fc.asyncProperty(contents, anyDeaths, async (content, deaths) => {
        const topic = await LaneTopic.make({ partitions: content.partitions })
        const rows = rowsOf(content)
        const left = piecesOf(content, rows)
        const files = new Files()
        const events = (): Event[] => [
          ...left.map((_, i): Event => [topic.nowMs + 40 * i, () => append(topic, left.shift() ?? [])]),
          [topic.nowMs + 40 * left.length + 30_000, 'stop'],
        ]
        for (const lives of [...deaths, Number.POSITIVE_INFINITY])
          await topic.run({ ...mortalWriter(topic, content, lives, files), events: events() }).catch(isDeath)
        expect(left).toEqual([])
        const last = { ...ANNOUNCING, grace: content.grace, sinks: files.sinks(() => undefined) }
        await topic.run({ ...last, events: [[topic.nowMs + 60_000, 'stop']] })
        expectAll(files, content, rows)
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})
