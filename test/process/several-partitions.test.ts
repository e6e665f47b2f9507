import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCounts } from '../../src/core/results/compare.js'
import { anyContent, type Content, rowsOf, spreadOver } from '../support/distributed.js'
import { expectExact, foldText, oracleOf } from '../support/lane.js'
import { LaneTopic, sumOf } from '../support/lane-topic.js'
import { pieces, randomCuts, type StreamRow, seeded, textOf } from '../support/stream.js'

/** Rows with the partition of each, a few milliseconds' worth at a time; no piece holds the end of a run and the next one. */
function piecesOf(content: Content, rows: readonly StreamRow[]): { row: StreamRow; partition: number }[][] {
  const places = spreadOver(rows, content.partitions, content.how, content.seed)
  const placed = rows.map((row, i) => ({ row, partition: places[i] }))
  return Array.from({ length: content.runs }, (_, run) => placed.filter(({ row }) => row.run === run)).flatMap((own) =>
    pieces(own, randomCuts(own.length, 200, content.seed)),
  )
}

async function append(topic: LaneTopic, piece: readonly { row: StreamRow; partition: number }[]): Promise<void> {
  for (let partition = 0; partition < topic.partitions; partition++) {
    const own = piece.filter((one) => one.partition === partition)
    if (own.length > 0) await topic.appendTo(partition, ...own.map(({ row }) => row.text))
  }
}

async function fill(topic: LaneTopic, content: Content, rows: readonly StreamRow[]): Promise<void> {
  for (const piece of piecesOf(content, rows)) {
    await append(topic, piece)
    topic.nowMs++
  }
}

describe('a lane of several partitions', () => {
  it('counts a backlog as if it were read in the order in which it came, and dies at random', async () => {
    await fc.assert(
      fc.asyncProperty(anyContent, fc.array(fc.nat(40), { maxLength: 6 }), async (content, deaths) => {
        const topic = await LaneTopic.make({ partitions: content.partitions })
        const rows = rowsOf(content)
        await fill(topic, content, rows)
        const random = seeded(content.seed)
        const goOn = () => {
          topic.nowMs += random() * 100
        }
        for (const looks of deaths) {
          let left = looks
          const die = (place: number) => {
            goOn()
            if (left-- <= 0 && left % 3 === place) throw new Error('died')
          }
          await topic
            .run({
              ...{ grace: content.grace, intervalMs: 200, events: [[topic.nowMs + 3000, 'stop']] },
              ...{ beforeRead: () => die(0), beforeCommit: () => die(-1), afterCommit: () => die(-2) },
            })
            .catch((error) => expect(error.message).toBe('died'))
        }
        await topic.run({ grace: content.grace, events: [[topic.nowMs + 60_000, 'stop']] })
        const sum = sumOf(await topic.results())
        expect(sum.rows.late).toBe(0)
        expectExact(sum, oracleOf(rows))
        expect(compareCounts(foldText(textOf(rows), { grace: content.grace }), sum)).toEqual([])
      }),
      { numRuns: 40 },
    )
  }, 120_000)
})
