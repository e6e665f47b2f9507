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
  try {
    const [line] = await session.collect(sql(`SELECT value FROM text.\`${recordFolder(checkpoint)}\``))
    return line ? (JSON.parse(String(line.value)) as PlanRecord) : undefined
  } catch (error) {
    if (error instanceof SparkError && error.errorClass === 'PATH_NOT_FOUND') return undefined
    throw error
  }
}

export async function writePlanRecord(session: SparkSession, checkpoint: string, record: PlanRecord): Promise<void> {
  const value = textLiteral(JSON.stringify(record))
  const folder = textLiteral(recordFolder(checkpoint))
  await session.collect(sql(`INSERT OVERWRITE DIRECTORY ${folder} USING text SELECT ${value} AS value`))
}

function recordFolder(checkpoint: string): string {
  return `${checkpoint}/job`
}
