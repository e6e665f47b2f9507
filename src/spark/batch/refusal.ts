import { ExpectedError } from '../../errors.js'
import type { Verdict } from './judge-orbits.js'
import type { SparkFile } from './spark-files.js'
import { fileAt } from './survey.js'

type Reason = Extract<Verdict, { disorder: unknown }>['disorder']

const WHY: Record<Reason['why'], string> = {
  behind:
    'has rows of orbits that are over: the orbit counter was restarted, they occur twice, or they are out of order by more than the grace',
  gap: 'has rows before which the orbit counter leaps so far that it may have been restarted',
  absurd: 'has an absurd orbit, and what becomes of its hits hangs on the rows around it',
}

/** Why hits are not joined by orbit number alone, and where the first such row is. */
export function refusal({ why, place }: Reason, files: readonly SparkFile[]): ExpectedError {
  const { file, byte } = fileAt(files, place)
  return new ExpectedError(`${file.path} ${WHY[why]} (the first is somewhere behind byte ${byte})`, [
    'without --engine spark every row is looked at in its place, and each run of the counter is followed',
    'analyse the files of each run by themselves, and dtstream merge the results',
  ])
}
