import { LaneFold } from '../core/orbits/lane-fold.js'
import type { FileRange, Result } from '../core/results/result.js'
import { NS_PER_ORBIT } from '../core/run-file/run-file.js'
import { ExpectedError } from '../errors.js'
import { type PartBlock, readParts } from '../sources/read-parts.js'
import type { SourcePart } from '../sources/source.js'
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
  onResult(result: Result): Promise<void>
  onMalformed(samples: MalformedSample[]): void
  /** told after every block: rows so far, and how far the part has been read */
  onProgress(read: number, block: PartBlock): void
}

/** Rows between two looks at the detector's time. */
const SLICE_ROWS = 256
const NS_PER_MS = 1e6

/** The batch analysis: a whole source is one lane. Gives the number of records read. */
export async function analyse(options: BatchOptions): Promise<number> {
  const batch = new BatchAnalysis(options)
  for await (const block of readParts(options.parts)) {
    await batch.add(block)
    if (options.signal.aborted) break
  }
  await batch.end()
  return batch.read
}

class BatchAnalysis {
  read = 0
  private readonly fold: LaneFold
  private readonly intervalOrbits: number
  private ranges: FileRange[] = []
  private nextMessage = 0
  private startedAt: number
  private cutAt: number
  /** how far each part is covered by results that were sent */
  private readonly coveredTo = new Map<string, number>()

  constructor(private readonly options: BatchOptions) {
    this.fold = new LaneFold(foldOptions(options))
    const { intervalMs } = options
    this.intervalOrbits = intervalMs === undefined ? Number.POSITIVE_INFINITY : (intervalMs * NS_PER_MS) / NS_PER_ORBIT
    this.cutAt = this.intervalOrbits
    this.startedAt = options.wallNow()
  }

  async add(block: PartBlock): Promise<void> {
    const { rows, base, next } = block
    this.addMalformed(block)
    const slice = this.intervalOrbits === Number.POSITIVE_INFINITY ? rows.capacity : SLICE_ROWS
    for (let from = 0; from < rows.length; from += slice) {
      const to = Math.min(from + slice, rows.length)
      this.fold.fold(rows.columns, from, to)
      this.cover(block, to === rows.length ? next : base + rows.end[to - 1])
      await this.cutIfDue()
    }
    this.cover(block, next)
    this.read += rows.length + rows.malformed.count
    this.options.onProgress(this.read, block)
  }

  async end(): Promise<void> {
    this.fold.end()
    await this.send()
  }

  private addMalformed({ part, rows, base, text }: PartBlock): void {
    const { malformed } = rows
    if (malformed.count === 0) return
    const unit = text || part.size !== undefined ? 'byte' : 'row'
    const samples = samplesOf(malformed, text, 5, (start) => `${part.name} ${unit} ${base + start}`)
    if (this.options.strict)
      throw new ExpectedError(sampleInWords(samples[0]), ['without --strict it is counted and passed over'])
    this.fold.addMalformed(malformed.count)
    this.options.onMalformed(samples)
  }

  /** The result covers the part up to `to`. */
  private cover({ part, base }: PartBlock, to: number): void {
    const last = this.ranges.at(-1)
    if (last?.name === part.name) last.to = to
    else this.ranges.push({ name: part.name, from: this.coveredTo.get(part.name) ?? base, to, watermark: null })
  }

  private async cutIfDue(): Promise<void> {
    const { elapsedOrbits } = this.fold
    if (elapsedOrbits < this.cutAt) return
    this.fold.sweep()
    await this.send()
    this.cutAt = elapsedOrbits + this.intervalOrbits
  }

  private async send(): Promise<void> {
    const { fold, options } = this
    const end = options.wallNow()
    for (const range of this.ranges) {
      range.watermark = fold.watermark
      this.coveredTo.set(range.name, range.to)
    }
    const result = fold.tally.take({
      msg_ID: this.nextMessage++,
      worker: options.worker,
      interval: { start: new Date(this.startedAt).toISOString(), end: new Date(end).toISOString() },
      source: this.ranges,
      geometry: options.geometry,
      run: fold.run,
    })
    this.ranges = []
    this.startedAt = end
    await options.onResult(result)
  }
}
