import type { RowCounts } from '../../core/results/result.js'
import { addRowCounts, emptyRowCounts, ROW_CLASSES } from '../../core/results/row-counts.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import { ExpectedError } from '../../errors.js'
import { sql } from '../connect/relations.js'
import type { SparkRow } from '../connect/rows.js'
import type { SparkSession } from '../connect/session.js'
import { surveyOfLines } from '../sql/batch-statements.js'
import { addBlock, blockWidth, noBlocks, type OrbitBlocks } from './orbit-blocks.js'
import { pathOfInput, type SparkFile } from './spark-files.js'

/** What files hold, as far as it must be known before their hits are joined. */
export interface Survey {
  rows: RowCounts
  blocks: OrbitBlocks
  /** bytes of each file, decompressed; a last line without newline counts as one with it where they are compressed */
  bytes: number[]
  /** the first file that has a malformed record */
  malformedIn: SparkFile | undefined
}

/** No row is shorter when it is packed: gzip packs no better than 1032 to 1. */
const BEST_PACKING = 1032

/** Where each file begins, on a scale on which no row comes before one that is read before it. */
function startsOf(files: readonly SparkFile[]): number[] {
  let end = 0
  return files.map(({ size, isCompressed }) => {
    const start = end
    end += size * (isCompressed ? BEST_PACKING : 1) + 1
    return start
  })
}

/**
 * Reads all files once.
 * @throws ExpectedError for a file that Spark reads otherwise than the core
 */
export async function surveyOf(
  session: SparkSession,
  lines: string,
  files: readonly SparkFile[],
  { run, grace }: { run: RunFile; grace: number },
): Promise<Survey> {
  const indexOf = new Map(files.map(({ path }, i) => [path, i]))
  const starts = startsOf(files)
  const blocks = noBlocks()
  const bytes = files.map(({ size, isCompressed }) => (isCompressed ? 0 : size))
  let rows = emptyRowCounts()
  let malformedAt = Number.POSITIVE_INFINITY
  for await (const row of session.rows(sql(surveyOfLines(lines, run, blockWidth(grace))))) {
    const index = indexOf.get(pathOfInput(String(row.file)))
    if (index === undefined) throw new Error(`Spark has read ${row.file}, which it was not asked for`)
    refuseSecondMark(row, files[index])
    const counts = rowCountsOf(row)
    rows = addRowCounts(rows, counts)
    if (counts.malformed > 0) malformedAt = Math.min(malformedAt, index)
    if (files[index].isCompressed) bytes[index] += Number(row.bytes)
    if (Number(row.block) >= 0) addBlock(blocks, blockOf(row, starts[index] + Number(row.start)))
  }
  return { rows, blocks, bytes, malformedIn: files[malformedAt] }
}

/** Spark has passed over one at the beginning of the file, and the analysis would pass over another. */
function refuseSecondMark({ start, marked }: SparkRow, { path }: SparkFile): void {
  if (Number(start) === 0 && marked === 0)
    throw new ExpectedError(`${path} begins with two byte order marks, of which Spark shows one`, [
      'take them away; without --engine spark its first line counts as malformed',
    ])
}

function rowCountsOf(row: SparkRow): RowCounts {
  const counts = emptyRowCounts()
  for (const name of ROW_CLASSES) {
    counts[name] = Number(row[name])
    counts.read += counts[name]
  }
  return counts
}

/** @param start of the piece of the file; each of its rows is longer than the one place that it takes */
function blockOf(row: SparkRow, start: number) {
  const [block, low, high, hits, scintillator] = ['block', 'low', 'high', 'hits', 'scintillator'].map((name) =>
    Number(row[name]),
  )
  return { block, first: start + Number(row.first), last: start + Number(row.last), low, high, hits, scintillator }
}

/** The file that a row's place is in, and a byte of it that the row lies behind. */
export function fileAt(files: readonly SparkFile[], place: number): { file: SparkFile; byte: number } {
  const starts = startsOf(files)
  const index = starts.findLastIndex((start) => start <= place)
  return { file: files[index], byte: place - starts[index] }
}
