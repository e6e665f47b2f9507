import { expect } from 'vitest'
import { type Content, spreadOver } from './distributed.js'
import type { LaneTopic, RunChanges } from './lane-topic.js'
import { pieces, randomCuts, type StreamRow, seeded } from './stream.js'

/** Rows with the partition of each, a few milliseconds' worth at a time; no piece holds the end of a run and the next one. */
export function piecesOf(content: Content, rows: readonly StreamRow[]): { row: StreamRow; partition: number }[][] {
  const places = spreadOver(rows, content.partitions, content.how, content.seed)
  const placed = rows.map((row, i) => ({ row, partition: places[i] }))
  return Array.from({ length: content.runs }, (_, run) => placed.filter(({ row }) => row.run === run)).flatMap((own) =>
    pieces(own, randomCuts(own.length, 200, content.seed)),
  )
}

export async function append(topic: LaneTopic, piece: readonly { row: StreamRow; partition: number }[]): Promise<void> {
  for (let partition = 0; partition < topic.partitions; partition++) {
    const own = piece.filter((one) => one.partition === partition)
    if (own.length > 0) await topic.appendTo(partition, ...own.map(({ row }) => row.text))
  }
}

export async function fill(topic: LaneTopic, content: Content, rows: readonly StreamRow[]): Promise<void> {
  for (const piece of piecesOf(content, rows)) {
    await append(topic, piece)
    topic.nowMs++
  }
}

/** A worker that dies when it has looked for rows or committed so often, before or after it was done. */
export function mortal(topic: LaneTopic, { seed, grace }: Content, lives: number): RunChanges {
  const random = seeded(seed + lives)
  let left = lives
  const live = (place: number) => () => {
    topic.nowMs += random() * 100
    if (left-- <= 0 && random() * 3 < place) throw new Error('died')
  }
  return { grace, intervalMs: 200, beforeRead: live(1), beforeCommit: live(2), afterCommit: live(2) }
}

export const isDeath = ({ message }: Error) => expect(message).toBe('died')
