import { readFile } from 'node:fs/promises'
import type { RunFile } from '../core/run-file/run-file.js'
import { ExpectedError } from '../errors.js'
import { fileProblem } from './file-problem.js'

/** The run file of `--run FILE`, or the built-in default. */
export async function readRun(file: string | undefined): Promise<RunFile> {
  if (file === undefined) return (await import('../core/run-file/run-file.js')).DEFAULT_RUN
  const [{ parseRunFile }, text] = await Promise.all([import('../core/run-file/parse-run-file.js'), readText(file)])
  return parseRunFile(text, file)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const makeOne = 'dtstream run-file > run.yaml makes one'
    throw new ExpectedError(`the run file ${file} cannot be read: ${fileProblem(error)}`, [makeOne])
  }
}
