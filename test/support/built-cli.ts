import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const RUN = join(ROOT, 'bin', 'run.js')

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** The built command line, on an embedded log of its own, as a user has it. */
export class Cli {
  readonly folder = mkdtempSync(join(tmpdir(), 'dtstream-test-'))
  private readonly children = new Set<ChildProcess>()

  /** @param env laid over the environment of the tests */
  constructor(private readonly env: Record<string, string> = {}) {}

  /** Starts `dtstream ARGS`. */
  start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn(process.execPath, [RUN, ...args], {
      cwd: ROOT,
      env: { ...process.env, DTSTREAM_LOG: join(this.folder, 'log'), NO_COLOR: '1', ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.children.add(child)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const ended = once(child, 'close').then(([code, signal]) => {
      this.children.delete(child)
      return { code, signal, stdout, stderr } as Ended
    })
    return { child, ended }
  }

  /** Runs it to its end. */
  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended
  }

  /** Runs it to its end and gives what it printed as JSON. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json')
    try {
      return JSON.parse(stdout) as T
    } catch {
      throw new Error(`dtstream ${args.join(' ')} ended with ${code} and no JSON:\n${stdout}\n${stderr}`)
    }
  }

  /** Ends what still runs, and removes the log. */
  dispose(): void {
    for (const child of this.children) child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A random number from 0 to 1 of a seeded series (mulberry32 by Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
