import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const LIBRARIES = ['confluent-kafka==2.16.1', 'kafka-python==3.0.12']
const FOLDER = join(tmpdir(), 'dtstream-test-python-2')
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024

export const PYTHON_MISSING = 'Python with venv is missing, or PyPI cannot be reached'

export interface Python {
  /** Runs a script of this folder; what it printed. */
  run(script: string, args: readonly string[]): Promise<string>
}

/** Python with two Kafka clients, set up once on a machine; undefined where that cannot be done. */
export async function preparePython(): Promise<Python | undefined> {
  if (!existsSync(FOLDER) && !(await setUp())) return undefined
  return {
    async run(script, args) {
      const path = fileURLToPath(new URL(script, import.meta.url))
      const { stdout } = await run(join(FOLDER, 'bin', 'python'), [path, ...args], { maxBuffer: MOST_OUTPUT_BYTES })
      return stdout
    },
  }
}

/** The folder appears whole or not at all. */
async function setUp(): Promise<boolean> {
  const half = `${FOLDER}-${process.pid}`
  try {
    await run('python3', ['-m', 'venv', half])
    await run(join(half, 'bin', 'pip'), ['install', '--quiet', ...LIBRARIES])
    await rename(half, FOLDER)
    return true
  } catch {
    await rm(half, { recursive: true, force: true })
    return false
  }
}
