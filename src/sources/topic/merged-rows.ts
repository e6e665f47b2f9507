import { LaneFold } from '../../core/orbits/lane-fold.js'
import { RoundPlanner, wholeGrace } from '../../core/orbits/round-plan.js'
import { type Columns, createRowBuffer, type RowBuffer } from '../../core/rows/row-buffer.js'
import type { TakenRows } from '../../core/rows/row-queue.js'
import { createChamberMap } from '../../core/run-file/chamber-map.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import type { Log } from '../../log/log.js'
import { type PartitionExtent, QueuedPartition } from './queued-partition.js'

/** Orbits by which partitions may be apart; their rows are put in order. */
const GRACE_ORBITS = 512
const NAMES = ['head', 'fpga', 'channel', 'orbit', 'bx', 'tdc'] as const

/** Rows in the order of their orbits, or the end of a run: an end mark in every partition that had rows. */
export type Merged = { kind: 'rows'; rows: RowBuffer } | { kind: 'end' }

/** The rows of all partitions of a topic, as if they had been one: each partition waits for the slowest. */
export class MergedRows {
  private readonly parts: QueuedPartition[]
  private readonly planner = new RoundPlanner(GRACE_ORBITS)
  /** knows the time of all rows so far, and where it begins anew */
  private readonly clock: LaneFold

  constructor(log: Log, extents: readonly PartitionExtent[], run: RunFile) {
    const map = createChamberMap(run)
    const block = createRowBuffer()
    this.parts = extents.map((extent) => new QueuedPartition(log, extent, map, run.raw_word, block))
    this.clock = new LaneFold({ run, map, grace: wholeGrace(GRACE_ORBITS), orbitDetail: false })
  }

  /** @param rows is used again for each block */
  async *read(rows: RowBuffer): AsyncGenerator<Merged, void, void> {
    try {
      for (let taken = await this.nextRound(); taken; taken = await this.nextRound()) {
        for (const block of merge(taken, rows)) yield { kind: 'rows', rows: block }
        if (!taken.some(({ hasEndMark }) => hasEndMark)) continue
        this.clock.end()
        yield { kind: 'end' }
      }
    } finally {
      for (const part of this.parts) await part.close()
    }
  }

  private async nextRound(): Promise<TakenRows[] | undefined> {
    for (const part of this.parts) await part.fill()
    const lane = { time: this.clock.currentTime, run: this.clock.run }
    const round = this.planner.next(this.parts, lane, false) ?? this.planner.next(this.parts, lane, true)
    if (!round) return undefined
    const taken = this.parts.map(({ queue }, i) => queue.take(round.to[i]))
    for (const { columns, from, to } of taken) this.clock.fold(columns, from, to)
    this.clock.sweep()
    return taken
  }
}

/** The rows of a round, block by block; what could not be read goes before the rows of its partition. */
function* merge(taken: readonly TakenRows[], into: RowBuffer): Generator<RowBuffer> {
  const at = taken.map(({ from }) => from)
  const origin = taken.find(({ from, to }) => to > from)
  const base = origin ? origin.columns.orbit[origin.from] : 0
  into.length = 0
  into.malformed.count = 0
  for (const { malformed } of taken) {
    for (let i = 0; i < malformed; i++) {
      if (into.malformed.count === into.capacity) yield* flush(into)
      into.malformed.row[into.malformed.count++] = into.length
    }
  }
  for (let part = lowest(taken, at, base); part >= 0; part = lowest(taken, at, base)) {
    if (into.length === into.capacity) yield* flush(into)
    copyRow(taken[part].columns, at[part]++, into.columns, into.length++)
  }
  if (into.length > 0 || into.malformed.count > 0) yield* flush(into)
}

function* flush(rows: RowBuffer): Generator<RowBuffer> {
  yield rows
  rows.length = 0
  rows.malformed.count = 0
}

/** Whose next row has the lowest orbit, on the counter's circle; -1 where none has any. */
function lowest(taken: readonly TakenRows[], at: readonly number[], base: number): number {
  let found = -1
  let distance = 0
  for (let i = 0; i < taken.length; i++) {
    if (at[i] >= taken[i].to) continue
    const own = (taken[i].columns.orbit[at[i]] - base) | 0
    if (found >= 0 && own >= distance) continue
    found = i
    distance = own
  }
  return found
}

function copyRow(source: Columns, from: number, target: Columns, to: number): void {
  for (const name of NAMES) target[name][to] = source[name][from]
}
