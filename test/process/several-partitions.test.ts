import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCounts } from '../../src/core/results/compare.js'
import { auditOf } from '../support/audit-of.js'
import { anyContent, type Content, rowsOf } from '../support/distributed.js'
import { append, fill, isDeath, mortal, piecesOf } from '../support/fed-topic.js'
import { expectExact, foldText, oracleOf } from '../support/lane.js'
import { type Event, LaneTopic, sumOf } from '../support/lane-topic.js'
import { type StreamRow, textOf } from '../support/stream.js'

/** Sum and audit of what is on data_clean, when nothing is open any more. */
async function expectAllExact(topic: LaneTopic, { grace }: Content, rows: readonly StreamRow[]): Promise<void> {
  const sum = sumOf(await topic.results())
  expectExact(sum, oracleOf(rows))
  expect(compareCounts(foldText(textOf(rows), { grace }), sum)).toEqual([])
  expect(await auditOf(topic.log, { settings: { grace } })).toMatchObject({
    verdict: 'exact',
    rows: rows.length,
    late: 0,
  })
}

describe('a lane of several partitions counts as one that is read in the order in which the rows came', () => {
  const anyDeaths = fc.array(fc.nat(40), { maxLength: 6 })

  it('a backlog, with workers that die', async () => {
    await fc.assert(
      fc.asyncProperty(anyContent, anyDeaths, async (content, deaths) => {
        const topic = await LaneTopic.make({ partitions: content.partitions })
        const rows = rowsOf(content)
        await fill(topic, content, rows)
        for (const lives of deaths)
          await topic.run({ ...mortal(topic, content, lives), events: [[topic.nowMs + 3000, 'stop']] }).catch(isDeath)
        await topic.run({ grace: content.grace, events: [[topic.nowMs + 60_000, 'stop']] })
        await expectAllExact(topic, content, rows)
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  it('rows that come while it is at work, with workers that die', async () => {
    await fc.assert(
      fc.asyncProperty(anyContent, anyDeaths, async (content, deaths) => {
        const topic = await LaneTopic.make({ partitions: content.partitions })
        const rows = rowsOf(content)
        const left = piecesOf(content, rows)
        const events = (): Event[] => [
          ...left.map((_, i): Event => [topic.nowMs + 40 * i, () => append(topic, left.shift() ?? [])]),
          [topic.nowMs + 40 * left.length + 30_000, 'stop'],
        ]
        for (const lives of [...deaths, Number.POSITIVE_INFINITY])
          await topic.run({ ...mortal(topic, content, lives), events: events() }).catch(isDeath)
        expect(left).toEqual([])
        await topic.run({ grace: content.grace, events: [[topic.nowMs + 60_000, 'stop']] })
        await expectAllExact(topic, content, rows)
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  it('one partition far behind the others, until it catches up', async () => {
    await fc.assert(
      fc.asyncProperty(anyContent, async (content) => {
        const topic = await LaneTopic.make({ partitions: content.partitions })
        const rows = rowsOf({ ...content, runs: 1 })
        const pieces = piecesOf({ ...content, runs: 1 }, rows)
        const only = (slow: boolean) =>
          pieces.map((piece) => piece.filter(({ partition }) => (partition === 0) === slow))
        for (const piece of only(false)) await append(topic, piece)
        const slow = only(true).map((piece, i): Event => [100 * i, () => append(topic, piece)])
        await topic.run({ grace: content.grace, events: [...slow, [100 * slow.length + 30_000, 'stop']] })
        await expectAllExact(topic, content, rows)
      }),
      { numRuns: 15 },
    )
  }, 60_000)
})
