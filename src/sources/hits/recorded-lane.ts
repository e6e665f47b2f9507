import type { Schema } from 'apache-arrow'
import { copyHits, missingHitsColumn } from '../../core/hits/hits-rows.js'
import { HITS_SCHEMA } from '../../core/hits/hits-table.js'
import type { RecordedFile } from '../../core/hits/recording.js'
import { FULL_QUEUE } from '../../core/orbits/round-plan.js'
import { createRowBuffer } from '../../core/rows/row-buffer.js'
import { RowQueue } from '../../core/rows/row-queue.js'
import type { ChamberMap } from '../../core/run-file/chamber-map.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import { ExpectedError } from '../../errors.js'
import { type ArrowBatches, withBatches } from '../formats/arrow-batches.js'
import { piecesFeed } from '../formats/byte-feed.js'
import { withParquetBatches } from '../formats/parquet-batches.js'
import { readError } from '../formats/read-error.js'
import type { MergedPart } from '../merge/merged-rows.js'
import type { Stored } from '../stored.js'

/** Rows that are read ahead at once. */
const BLOCK_ROWS = 8192

/** What is read, by whom. */
export interface RecordingContext {
  run: RunFile
  map: ChamberMap
  /** digest of `run` */
  geometry: string
}

/** A file of recorded hits, and where it is. */
export interface StoredHits extends RecordedFile {
  stored: Stored
}

/** The hits of one lane as rows, as far as they were read ahead; an end mark stands between two runs. */
export class RecordedLane implements MergedPart {
  readonly queue: RowQueue
  /** nobody comes back from silence here */
  readonly past = undefined
  readonly pastRun = 0
  private readonly block = createRowBuffer(BLOCK_ROWS)
  private readonly rows: AsyncGenerator<'rows' | 'end', void, void>
  private isRead = false

  /** @param runs of all lanes: a lane without rows of one has its end mark, too */
  constructor(
    private readonly files: readonly StoredHits[],
    private readonly runs: readonly number[],
    private readonly context: RecordingContext,
  ) {
    this.queue = new RowQueue(context.map, context.run.raw_word, this.block, 0)
    this.rows = this.read()
  }

  /** The others need not wait for it: nothing more will come, or there is no room for more. */
  get isSilent(): boolean {
    return this.isRead || this.queue.size >= FULL_QUEUE
  }

  async fill(): Promise<void> {
    while (!this.isSilent) {
      const { value, done } = await this.rows.next()
      if (done) this.isRead = true
      else if (value === 'end') this.queue.appendEndMark()
      else this.queue.appendRows(this.block)
    }
  }

  async close(): Promise<void> {
    await this.rows.return()
  }

  private async *read(): AsyncGenerator<'rows' | 'end', void, void> {
    for (const [i, run] of this.runs.entries()) {
      if (i > 0) yield 'end'
      for (const file of this.files) if (file.run === run) yield* this.readFile(file)
    }
  }

  private async *readFile({ stored }: StoredHits): AsyncGenerator<'rows', void, void> {
    const isParquet = stored.name.endsWith('.parquet')
    const open = isParquet ? withParquetBatches : withBatches
    try {
      yield* open(readAtOnce(stored), (table) => this.readTable(stored.name, table))
    } catch (error) {
      throw readError(stored.name, isParquet ? 'Parquet file' : 'Arrow IPC file', error)
    }
  }

  private async *readTable(path: string, { schema, batches }: ArrowBatches): AsyncGenerator<'rows', void, void> {
    const { run, geometry } = this.context
    refuseForeign(path, schema, geometry)
    for await (const batch of batches) {
      for (let from = 0; from < batch.numRows; from += BLOCK_ROWS) {
        const wrong = copyHits(batch, from, Math.min(BLOCK_ROWS, batch.numRows - from), this.block, run)
        if (wrong >= 0) throw damaged(path, `row ${wrong} is no hit of this detector`)
        yield 'rows'
      }
    }
  }
}

/** Lanes take turns, so what is read ahead is not the next file in a row. */
function readAtOnce(stored: Stored): Stored {
  const { size = 0 } = stored
  return {
    ...stored,
    async open(position) {
      const pieces = [await stored.look(position, size - position)]
      return piecesFeed(
        async () => pieces.pop(),
        async () => {},
      )
    },
  }
}

function refuseForeign(path: string, { fields, metadata }: Schema, geometry: string): void {
  const missing = missingHitsColumn(fields)
  if (metadata.get('schema') !== HITS_SCHEMA || missing !== undefined)
    throw damaged(
      path,
      missing === undefined ? 'it does not say that it holds hits' : `it has no column ${missing} of hits`,
    )
  if (metadata.get('geometry') !== geometry)
    throw new ExpectedError(
      `${path} was recorded with another detector than this one: the run file's digest was ${metadata.get('geometry')}, and is ${geometry}`,
      ['name the run file that it was recorded with: --run FILE'],
    )
}

function damaged(path: string, what: string): ExpectedError {
  return new ExpectedError(`${path} cannot be read as recorded hits: ${what}`, ['it is not as dtstream has written it'])
}
