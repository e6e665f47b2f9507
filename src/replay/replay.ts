import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { OrbitPartitioner } from '../core/rows/partition-of.js'
import type { RunFile } from '../core/run-file/run-file.js'
import type { Log } from '../log/log.js'
import { type PartBlock, readParts } from '../sources/read-parts.js'
import type { SourcePart } from '../sources/source.js'
import type { Pacer } from './pacer.js'
import { PartitionWriter } from './partition-writer.js'
import { type ReplayProgress, START } from './replay-progress.js'
import { createRowWriter, type RowFormat } from './row-formats.js'

export interface ReplayOptions {
  log: Log
  topic: string
  partitions: number
  parts: readonly SourcePart[]
  run: RunFile
  format: RowFormat
  pacer: Pacer
  /** rows sent at once; without it, what is due every 20 ms */
  batch?: number
  /** rows in all, those of earlier calls that this one resumes counted in */
  limit: number
  /** begin again when the source ends */
  loop: boolean
  /** where progress is recorded, in the same transaction as the rows */
  progressKey: string
  /** where an earlier replay came to */
  from?: ReplayProgress
  signal: AbortSignal
  /** ms of a clock that only goes forward */
  now: () => number
  onProgress(progress: ReplayProgress): void
}

/** Time between two sends, where there is time at all: what falls due in between goes together. */
const TICK_MS = 20
const LARGEST_BATCH = 50_000

/**
 * Sends the rows of a source to a topic at their pace, every row of an orbit to one partition, and marks the end of
 * each partition when the source ends. Stops, at a row that the progress names, when the signal aborts.
 */
export async function replay(options: ReplayOptions): Promise<ReplayProgress> {
  const sender = new Sender(options)
  let { progress } = sender
  while (!progress.done && !options.signal.aborted) {
    progress = await replayOnce(options, sender)
    const ended = !options.signal.aborted || progress.rows >= options.limit
    if (!ended) break
    await sender.sendEndMarks(!options.loop || progress.rows >= options.limit)
    progress = sender.progress
  }
  return progress
}

/** To the source's end, the limit, or the signal. */
async function replayOnce(options: ReplayOptions, sender: Sender): Promise<ReplayProgress> {
  const { pacer, limit, signal } = options
  for await (const block of readParts(options.parts, sender.progress.position)) {
    pacer.begin(block.rows)
    const end = Math.min(block.rows.length, limit - sender.progress.rows)
    for (let row = 0; row < end; ) {
      const count = await rowsToSend(options, row, end)
      if (signal.aborted) return sender.progress
      await sender.send(block, row, row + count)
      row += count
    }
    if (block.rows.length === 0) await sender.send(block, 0, 0)
    if (sender.progress.rows >= limit) break
  }
  return sender.progress
}

/** Waits for the next rows from `row` on to be due, and gives their number. */
async function rowsToSend({ batch, pacer, signal, now }: ReplayOptions, row: number, end: number): Promise<number> {
  const atLeast = Math.min(batch ?? 1, end - row)
  const dueMs = pacer.dueAtMs(row + atLeast - 1)
  if (dueMs > now()) await waitUntil(batch ? dueMs : Math.max(dueMs, now() + TICK_MS), now, signal)
  else await nextTurn()
  if (batch) return atLeast
  return Math.max(1, Math.min(LARGEST_BATCH, end - row, pacer.due(row, now())))
}

async function waitUntil(dueMs: number, now: () => number, signal: AbortSignal): Promise<void> {
  for (let wait = dueMs - now(); wait > 0 && !signal.aborted; wait = dueMs - now())
    await sleep(wait, undefined, { signal }).catch(() => undefined)
}

/** Puts rows into messages and appends them, with the progress that they make. */
class Sender {
  progress: ReplayProgress
  private readonly writers: PartitionWriter[]
  private readonly write: ReturnType<typeof createRowWriter>

  constructor(private readonly options: ReplayOptions) {
    const { partitions, format, run } = options
    this.progress = options.from ?? START
    this.writers = Array.from({ length: partitions }, (_, partition) => new PartitionWriter(partition))
    this.write = createRowWriter(format, this.writers, new OrbitPartitioner(partitions), run)
  }

  /** Rows [from, to) of the block, and the records among them that could not be read. */
  async send(block: PartBlock, from: number, to: number): Promise<void> {
    this.write(block, from, to)
    const { rows, base, next, partIndex } = block
    const at = to === rows.length ? next : base + rows.end[to - 1]
    await this.append({
      ...this.progress,
      rows: this.progress.rows + to - from,
      malformed: this.progress.malformed + malformedWithin(block, from, to),
      position: { part: partIndex, at },
    })
  }

  async sendEndMarks(done: boolean): Promise<void> {
    for (const writer of this.writers) writer.finishEndMark()
    await this.append({ ...this.progress, position: START.position, loops: this.progress.loops + 1, done })
  }

  private async append(progress: ReplayProgress): Promise<void> {
    const batches = this.writers.filter((writer) => !writer.isEmpty).map((writer) => writer.take())
    await this.options.log.append(this.options.topic, batches, { key: this.options.progressKey, value: progress })
    this.progress = progress
    this.options.onProgress(progress)
  }
}

function malformedWithin({ rows: { malformed, length } }: PartBlock, from: number, to: number): number {
  let count = 0
  for (let k = 0; k < malformed.count; k++) {
    const row = malformed.row[k]
    if ((row >= from && row < to) || (to === length && row === length)) count++
  }
  return count
}
