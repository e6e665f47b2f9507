import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const DEV = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))
/** By its place, so that it is found from any working directory. */
const TSX = new URL('../../node_modules/tsx/dist/loader.mjs', import.meta.url).href

export interface CliResult {
  code: number | null
  stdout: string
  stderr: string
}

export interface CliOptions {
  /** laid over the environment of the tests; undefined takes a variable away */
  env?: Record<string, string | undefined>
  cwd?: string
  input?: string
}

/** Starts `dtstream` from the sources as a process of its own, as a user would. */
export function startCli(args: readonly string[], options: CliOptions = {}): ChildProcessWithoutNullStreams {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', OCLIF_COLUMNS: '1000', ...options.env }
  return spawn(process.execPath, ['--import', TSX, DEV, ...args], { env, cwd: options.cwd, stdio: 'pipe' })
}

/** Runs `dtstream` from the sources to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = startCli(args, options)
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr: bare(stderr) }
}

/** Without the angle that oclif puts before each line of an error. */
function bare(stderr: string): string {
  return stderr.replaceAll(/^ › {3}/gm, '')
}
