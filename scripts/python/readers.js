// Python with the readers of the tests (pyarrow, DuckDB, polars, hist), installed once from PyPI into a cache folder.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { env, pid } from 'node:process'
import { fileURLToPath } from 'node:url'

const REQUIREMENTS = fileURLToPath(new URL('../../test/python/requirements.txt', import.meta.url))
const VERSIONS = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12)
const CACHE = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dtstream')
const FOLDER = join(CACHE, `python-${VERSIONS}`)

export const PYTHON = join(FOLDER, 'bin', 'python')

export function haveReaders() {
  return existsSync(PYTHON)
}

/** The folder appears whole or not at all, so that two runs at once do no harm. */
export function installReaders() {
  if (haveReaders()) return
  const half = join(CACHE, `python-${VERSIONS}-${pid}`)
  mkdirSync(CACHE, { recursive: true })
  try {
    run('python3', ['-m', 'venv', half])
    run(join(half, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS])
    if (!haveReaders()) renameSync(half, FOLDER)
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

function run(command, args) {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} did not succeed:\n${error ?? stderr}`)
}
