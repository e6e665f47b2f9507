import type { Result } from './result.js'

/** The group that a result is of: a worker is named by group, instance and index, and a group's name may have slashes itself. */
export function groupOf({ worker }: Result): string {
  return worker.split('/').slice(0, -2).join('/')
}

/** What of a Spark job sends results: of the rows that it has read, and of the windows that it has closed. */
export type SparkPart = 'rows' | 'windows'

/** The worker that a part of a group's Spark job names itself: there is one of each, whatever the number of executors. */
export function sparkWorker(group: string, part: SparkPart): string {
  return `${group}/${SPARK}/${part}`
}

/** Which part of a Spark job has sent a result; undefined where another worker has. */
export function sparkPartOf({ worker }: Pick<Result, 'worker'>): SparkPart | undefined {
  const [instance, part] = worker.split('/').slice(-2)
  return instance === SPARK && (part === 'rows' || part === 'windows') ? part : undefined
}

/** Lanes have a number in the place of the part, so no instance of that name is mistaken for a job. */
const SPARK = 'spark'
