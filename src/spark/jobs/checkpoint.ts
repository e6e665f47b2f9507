import { SparkError } from '../connect/failures.js'
import { sql } from '../connect/relations.js'
import type { SparkSession } from '../connect/session.js'
import { textLiteral } from '../sql/literals.js'
import type { PlanRecord } from './job-plan.js'

/** The folder of one of a job's two queries. */
export function queryFolder(checkpoint: string, query: 'windows' | 'rows'): string {
  return `${checkpoint}/${query}`
}

/** What a checkpoint was made with; undefined for a folder without one. Spark reads it, wherever the folder lies. */
export async function readPlanRecord(session: SparkSession, checkpoint: string): Promise<PlanRecord | undefined> {
  const lines = await ifThere(() => session.collect(sql(`SELECT value FROM text.\`${recordFolder(checkpoint)}\``)))
  return lines?.[0] ? (JSON.parse(String(lines[0].value)) as PlanRecord) : undefined
}

export async function writePlanRecord(session: SparkSession, checkpoint: string, record: PlanRecord): Promise<void> {
  const value = textLiteral(JSON.stringify(record))
  const folder = textLiteral(recordFolder(checkpoint))
  await session.collect(sql(`INSERT OVERWRITE DIRECTORY ${folder} USING text SELECT ${value} AS value`))
}

function recordFolder(checkpoint: string): string {
  return `${checkpoint}/job`
}

/** Offsets in a topic up to which a query has done its work, by partition; undefined before its first micro-batch is done. */
export async function committedOffsets(
  session: SparkSession,
  folder: string,
  topic: string,
): Promise<Map<number, number> | undefined> {
  const last = `SELECT max(CAST(_metadata.file_name AS BIGINT)) FROM text.\`${folder}/commits\``
  const query = `SELECT value FROM text.\`${folder}/offsets\` WHERE _metadata.file_name = CAST((${last}) AS STRING)`
  const lines = await ifThere(() => session.collect(sql(query)))
  if (!lines?.length) return undefined
  // a line for each source; before them the log's version, and the micro-batch's own settings
  const sources = lines.map(({ value }) => String(value)).filter((line) => line.startsWith('{'))
  const offsets = sources.flatMap((line) => Object.entries(JSON.parse(line)[topic] ?? {}))
  return new Map(offsets.map(([partition, offset]) => [Number(partition), Number(offset)]))
}

/** Undefined where the files are not there. */
async function ifThere<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof SparkError && error.errorClass === 'PATH_NOT_FOUND') return undefined
    throw error
  }
}
