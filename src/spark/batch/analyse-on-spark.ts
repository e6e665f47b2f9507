import { parseResult } from '../../core/results/parse-result.js'
import type { Result } from '../../core/results/result.js'
import { EXIT, ExpectedError } from '../../errors.js'
import type { FoldSettings } from '../../process/fold-settings.js'
import type { S3Settings } from '../../s3/settings.js'
import { read, sql } from '../connect/relations.js'
import type { SparkRow } from '../connect/rows.js'
import type { SparkSession } from '../connect/session.js'
import { type BatchPlan, batchStatements, type FileViews, linesOfFiles } from '../sql/batch-statements.js'
import { CoveredFiles } from './covered-files.js'
import { judgeOrbits, type OrbitsToJoin } from './judge-orbits.js'
import { blockWidth, type OrbitBlocks } from './orbit-blocks.js'
import { refusal } from './refusal.js'
import { s3aExplained, setS3a } from './s3a.js'
import { escaped, listFiles, type SparkFile } from './spark-files.js'
import { type Survey, surveyOf } from './survey.js'

export interface SparkBatchOptions extends FoldSettings {
  /** files, folders, globs, s3://BUCKET/PREFIX */
  uris: readonly string[]
  s3: S3Settings
  worker: string
  /** detector time in ms that a result covers, in windows from orbit 0 on; undefined for one result of all */
  intervalMs: number | undefined
  strict: boolean
  /** where it aborts the session is ended, and what Spark is at */
  signal: AbortSignal
  wallNow(): number
  onResult(result: Result): Promise<void>
  /** told, in words, what Spark begins with */
  onStep(words: string): void
}

/** Listed orbits are gathered in one task, and come as one message. */
const MOST_LISTED = 2_000_000

/**
 * The batch analysis of files by Spark, in a session of its own. Spark reads them twice: what orbits they hold decides
 * whether hits can be joined by orbit number, and then they are. Gives the number of records.
 * @throws ExpectedError where Spark cannot read a file, and where joining by number would not give what the core gives:
 * after a restart of the orbit counter, for rows that occur twice or out of order
 */
export async function analyseOnSpark(session: SparkSession, options: SparkBatchOptions): Promise<number> {
  const { signal } = options
  const end = () => session.release().catch(() => undefined)
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new SparkBatch(session, options).analyse()
  } catch (error) {
    if (signal.aborted)
      throw new ExpectedError('stopped before Spark was done: there is no result', [], EXIT.interrupted)
    throw await s3aExplained(error, session)
  } finally {
    signal.removeEventListener('abort', end)
  }
}

class SparkBatch {
  /** of the next result, ms since 1970 */
  private startedAt: number

  constructor(
    private readonly session: SparkSession,
    private readonly options: SparkBatchOptions,
  ) {
    this.startedAt = options.wallNow()
  }

  async analyse(): Promise<number> {
    const { session, options } = this
    await setS3a(session, options.uris, options.s3)
    options.onStep('looking for files')
    const files = await listFiles(session, options.uris)
    const lines = linesOfFiles(await viewsOn(session, files), options.run)
    options.onStep('reading rows, to see which orbits there are')
    const survey = await surveyOf(session, lines, files, options)
    if (options.strict && survey.malformedIn)
      throw new ExpectedError(`${survey.malformedIn.path} has records that cannot be read`, [
        'without --strict they are counted and passed over; without --engine spark the first ones are shown',
      ])
    const verdict = judgeOrbits(survey.blocks, options.grace)
    if ('disorder' in verdict) throw refusal(verdict.disorder, files)
    options.onStep('joining hits by orbit, and counting')
    await this.count(lines, files, survey, verdict)
    return survey.rows.read
  }

  /** Sends the results: the first of them tells what was read, each the hits of its window. */
  private async count(lines: string, files: SparkFile[], survey: Survey, orbits: OrbitsToJoin): Promise<void> {
    const { session, options } = this
    for (const [view, query] of batchStatements(lines, planOf(survey, orbits, options)))
      await session.createView(view, sql(query))
    const covered = new CoveredFiles(files, survey, orbits)
    let hits = 0
    for await (const row of session.rows(sql('SELECT * FROM results'))) {
      const result = { ...resultIn(row), ...covered.next(Number(row.watermark)), interval: this.interval() }
      hits += result.hit_count
      await options.onResult(result)
    }
    if (hits !== survey.rows.hits)
      throw new ExpectedError('files were changed while Spark read them: it found other hits the second time', [
        'start again, and leave the results that were written',
      ])
  }

  private interval(): Result['interval'] {
    const start = new Date(this.startedAt).toISOString()
    this.startedAt = this.options.wallNow()
    return { start, end: new Date(this.startedAt).toISOString() }
  }
}

async function viewsOn(session: SparkSession, files: readonly SparkFile[]): Promise<FileViews> {
  // whatever the session's conf says, no row is left out in silence
  const complete = { ignoreCorruptFiles: 'false', ignoreMissingFiles: 'false' }
  const viewOn = async (content: SparkFile['content'], format: string, options: Record<string, string>) => {
    const paths = files.filter((file) => file.content === content).map(({ path }) => escaped(path))
    if (paths.length === 0) return undefined
    await session.createView(`${content}_files`, read({ format, options: { ...complete, ...options }, paths }))
    return `${content}_files`
  }
  return {
    text: await viewOn('text', 'text', { lineSep: '\n' }),
    words: await viewOn('words', 'binaryFile', {}),
  }
}

function planOf({ blocks }: Survey, orbits: OrbitsToJoin, options: SparkBatchOptions): BatchPlan {
  const isListed = options.orbitDetail && mostEntries(blocks, options) <= MOST_LISTED
  // where there is no orbit there is no window, and one result all the same
  const intervalMs = orbits.lastOrbit === null ? undefined : options.intervalMs
  return { ...options, ...orbits, intervalMs, mostListed: isListed ? MOST_LISTED : 0 }
}

/** No more entries can be in result 4: rows, or the chambers of all orbits of the blocks. */
function mostEntries(blocks: OrbitBlocks, { run, grace }: FoldSettings): number {
  const most = blockWidth(grace) * run.chambers.length
  return blocks.hits.reduce((sum, hits) => sum + Math.min(hits, most), 0)
}

function resultIn({ value }: SparkRow): Result {
  const result = parseResult(String(value))
  if (typeof result === 'string') throw new Error(`what Spark made is no result: ${result}`)
  return result
}
