import { LaneFold } from '../../core/orbits/lane-fold.js'
import { type LanePart, RoundPlanner, wholeGrace } from '../../core/orbits/round-plan.js'
import { type Columns, clearRows, type RowBuffer } from '../../core/rows/row-buffer.js'
import type { TakenRows } from '../../core/rows/row-queue.js'
import { createChamberMap } from '../../core/run-file/chamber-map.js'
import type { RunFile } from '../../core/run-file/run-file.js'

/** Orbits by which parts may be apart; their rows are put in order. */
const GRACE_ORBITS = 512
const EVENT_HEAD = 2
/** Orbits: rows of one round that are farther behind its end are not of its time. */
const MOST_APART = 2 ** 16

/** Rows that are read ahead, to be merged with those of other parts. */
export interface MergedPart extends LanePart {
  /** Reads until enough waits in the queue, or there is no more. */
  fill(): Promise<void>
  close(): Promise<void>
}

/** Rows in the order of their orbits, or the end of a run: an end mark in every part that had rows. */
export type Merged = { kind: 'rows'; rows: RowBuffer } | { kind: 'end' }

/** The rows of all parts, as if they had been one: each part waits for the slowest. */
export class MergedRows {
  private readonly planner = new RoundPlanner(GRACE_ORBITS)
  /** knows the time of all rows so far, and where it begins anew */
  private readonly clock: LaneFold

  constructor(
    private readonly parts: readonly MergedPart[],
    run: RunFile,
  ) {
    this.clock = new LaneFold({ run, map: createChamberMap(run), grace: wholeGrace(GRACE_ORBITS), orbitDetail: false })
  }

  /** @param rows is used again for each block */
  async *read(rows: RowBuffer): AsyncGenerator<Merged, void, void> {
    try {
      clearRows(rows)
      for (let taken = await this.nextRound(); taken; taken = await this.nextRound()) {
        for (const block of merge(taken, this.clock.currentTime ?? 0, rows)) yield { kind: 'rows', rows: block }
        if (!taken.some(({ hasEndMark }) => hasEndMark)) continue
        for (const block of flush(rows)) yield { kind: 'rows', rows: block }
        this.clock.end()
        yield { kind: 'end' }
      }
      for (const block of flush(rows)) yield { kind: 'rows', rows: block }
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

/**
 * Puts the rows of a round behind those that are there, what could not be read first, and gives each block that is full.
 * @param time the latest plausible orbit behind the round
 */
function* merge(taken: readonly TakenRows[], time: number, into: RowBuffer): Generator<RowBuffer> {
  const at = taken.map(({ from }) => from)
  for (const { malformed } of taken) {
    for (let i = 0; i < malformed; i++) {
      if (into.malformed.count === into.capacity) yield* flush(into)
      into.malformed.row[into.malformed.count++] = into.length
    }
  }
  for (let part = nextPart(taken, at, time); part >= 0; part = nextPart(taken, at, time)) {
    // the rows of its orbit that follow it would be chosen next
    for (const end = endOfOrbit(taken[part], at[part]); at[part] < end; ) {
      if (into.length === into.capacity) yield* flush(into)
      const to = Math.min(end, at[part] + into.capacity - into.length)
      copyRows(taken[part].columns, at[part], to, into.columns, into.length)
      into.length += to - at[part]
      at[part] = to
    }
  }
}

/** What is in a block, if anything; it is empty then. */
function* flush(rows: RowBuffer): Generator<RowBuffer> {
  if (rows.length > 0 || rows.malformed.count > 0) yield rows
  clearRows(rows)
}

/**
 * Whose next row comes first, by its orbit on the counter's circle; -1 where there is none. What does not tell the time, an
 * ancillary row or an absurd orbit, follows the row before it.
 */
function nextPart(taken: readonly TakenRows[], at: readonly number[], time: number): number {
  let found = -1
  let longestAgo = 0
  for (let i = 0; i < taken.length; i++) {
    const { columns, to } = taken[i]
    const row = at[i]
    if (row >= to) continue
    const ago = (time - columns.orbit[row]) | 0
    if (columns.head[row] !== EVENT_HEAD || ago < 0 || ago > MOST_APART) return i
    if (found >= 0 && ago <= longestAgo) continue
    found = i
    longestAgo = ago
  }
  return found
}

/** The first row that is not of the same orbit, or tells no time. */
function endOfOrbit({ columns: { head, orbit }, to }: TakenRows, from: number): number {
  let row = from + 1
  while (row < to && head[row] === EVENT_HEAD && head[from] === EVENT_HEAD && orbit[row] === orbit[from]) row++
  return row
}

function copyRows(source: Columns, from: number, to: number, target: Columns, at: number): void {
  const { head, fpga, channel, orbit, bx, tdc } = target
  for (let row = from, i = at; row < to; row++, i++) {
    head[i] = source.head[row]
    fpga[i] = source.fpga[row]
    channel[i] = source.channel[row]
    orbit[i] = source.orbit[row]
    bx[i] = source.bx[row]
    tdc[i] = source.tdc[row]
  }
}
