import { HitRecorder } from '../core/hits/hit-recorder.js'
import { LaneFold } from '../core/orbits/lane-fold.js'
import type { Result } from '../core/results/result.js'
import { malformedBefore } from '../core/rows/malformed-within.js'
import { createChamberMap } from '../core/run-file/chamber-map.js'
import { NS_PER_ORBIT } from '../core/run-file/run-file.js'
import { EXIT, ExpectedError } from '../errors.js'
import type { HitsSink } from '../sinks/hits/hits-sink.js'
import { type PartBlock, readParts } from '../sources/read-parts.js'
import type { SourcePart } from '../sources/source.js'
import { CoveredParts } from './covered-parts.js'
import { type FoldSettings, foldOptions } from './fold-settings.js'
import { type MalformedSample, sampleInWords, samplesOf } from './malformed-samples.js'

export interface BatchOptions extends FoldSettings {
  parts: readonly SourcePart[]
  worker: string
  /** detector time in ms that a result covers; undefined for one result of all */
  intervalMs: number | undefined
  strict: boolean
  signal: AbortSignal
  wallNow(): number
  /** gets the cleansed hits, some 500,000 at a time; the result is of just their rows */
  hits?: Pick<HitsSink, 'write'> | undefined
  onResult(result: Result): Promise<void>
  onMalformed(samples: MalformedSample[]): void
  /** told after every block: rows so far, and how far the part has been read */
  onProgress(read: number, block: PartBlock): void
}

/** Rows between two looks at the detector's time: counted through all parts, so that their blocks do not matter. */
const ROWS_TO_LOOK = 256
const NS_PER_MS = 1e6

/**
 * The batch analysis: a whole source is one lane. Gives the number of records read; when the signal aborts, that is
 * less than all, and the results cover what they say.
 * @throws ExpectedError where a part cannot be read or is named twice, or with `strict` a record cannot be
 */
export async function analyse(options: BatchOptions): Promise<number> {
  refuseRepeated(options.parts)
  const batch = new BatchAnalysis(options)
  for await (const block of readParts(options.parts, undefined, options.signal)) {
    await batch.add(block)
    if (options.signal.aborted) break
  }
  await batch.end()
  return batch.read
}

function refuseRepeated(parts: readonly SourcePart[]): void {
  const seen = new Set<string>()
  for (const { id, name } of parts) {
    if (seen.has(id))
      throw new ExpectedError(
        `${name} is named twice, and its rows would be counted twice`,
        ['name it once; a folder or glob may have it too'],
        EXIT.usage,
      )
    seen.add(id)
  }
}

class BatchAnalysis {
  read = 0
  private readonly fold: LaneFold
  private readonly recorder: HitRecorder | undefined
  private readonly intervalOrbits: number
  /** what the next result covers, and the next part of hits */
  private readonly covered: CoveredParts
  private readonly recorded: CoveredParts
  private nextMessage = 0
  private startedAt: number
  private cutAt: number
  private rowsToLook: number

  constructor(private readonly options: BatchOptions) {
    const { intervalMs, parts, wallNow } = options
    this.recorder = options.hits && new HitRecorder(createChamberMap(options.run))
    this.fold = new LaneFold(foldOptions({ ...options, recorder: this.recorder }))
    this.intervalOrbits = intervalMs === undefined ? Number.POSITIVE_INFINITY : (intervalMs * NS_PER_MS) / NS_PER_ORBIT
    this.cutAt = this.intervalOrbits
    this.rowsToLook = intervalMs === undefined ? Number.POSITIVE_INFINITY : ROWS_TO_LOOK
    this.covered = new CoveredParts(parts[0]?.id ?? '')
    this.recorded = new CoveredParts(parts[0]?.id ?? '')
    this.startedAt = wallNow()
  }

  async add(block: PartBlock): Promise<void> {
    const { rows, base, next } = block
    const { length, malformed } = rows
    this.tellMalformed(block)
    let counted = 0
    for (let from = 0; from < length; ) {
      const to = Math.min(length, from + this.rowsToLook)
      const bad = malformedBefore(rows, to)
      this.fold.addMalformed(bad - counted)
      this.fold.fold(rows.columns, from, to)
      this.cover(block, base + rows.end[to - 1])
      this.rowsToLook -= to - from
      if (this.rowsToLook === 0) await this.look()
      counted = bad
      from = to
    }
    this.fold.addMalformed(malformed.count - counted)
    this.cover(block, next)
    if (block.endsRun) this.fold.end()
    if (this.recorder?.isFull) await this.writeHits()
    this.read += length + malformed.count
    this.options.onProgress(this.read, block)
  }

  /** What is left after the last row, as the last result: there is always one. */
  async end(): Promise<void> {
    this.fold.end()
    if (!this.recorded.isEmpty) await this.writeHits()
    if (!this.covered.isEmpty || this.nextMessage === 0 || !this.fold.tally.isEmpty) await this.send()
  }

  private tellMalformed({ part, rows, base, text }: PartBlock): void {
    const { malformed } = rows
    if (malformed.count === 0) return
    const samples = samplesOf(malformed, text, (start) => `${part.name} ${part.unit} ${base + start}`)
    if (this.options.strict)
      throw new ExpectedError(sampleInWords(samples[0]), ['without --strict it is counted and passed over'])
    this.options.onMalformed(samples)
  }

  private cover({ part: { id } }: PartBlock, to: number): void {
    this.covered.add(id, to)
    this.recorded.add(id, to)
  }

  /** Cuts, if enough of the detector's time has gone by. */
  private async look(): Promise<void> {
    this.rowsToLook = ROWS_TO_LOOK
    const { elapsedOrbits } = this.fold
    if (elapsedOrbits < this.cutAt) return
    this.fold.sweep()
    await this.send()
    this.cutAt = elapsedOrbits + this.intervalOrbits
  }

  private async send(): Promise<void> {
    const { fold, options } = this
    const end = options.wallNow()
    const result = fold.tally.take({
      msg_ID: this.nextMessage++,
      worker: options.worker,
      interval: { start: new Date(this.startedAt).toISOString(), end: new Date(end).toISOString() },
      source: this.covered.take(fold.watermark),
      geometry: options.geometry,
      run: fold.run,
    })
    this.startedAt = end
    await options.onResult(result)
  }

  private async writeHits(): Promise<void> {
    const { fold, options, recorder } = this
    if (!recorder) return
    const orbits = { first: null, last: null, count: 0, run: fold.run }
    const source = this.recorded.take(fold.watermark)
    await options.hits?.write({ result: { source, geometry: options.geometry, orbits }, hits: recorder.take() })
  }
}
