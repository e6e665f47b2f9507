import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const TSX = new URL('../../../node_modules/tsx/dist/loader.mjs', import.meta.url).href

/** How a script of `children/` is run. */
export function childCommand(script: string, ...args: (string | number)[]): [program: string, args: string[]] {
  const path = fileURLToPath(new URL(`children/${script}.ts`, import.meta.url))
  return [process.execPath, ['--import', TSX, path, ...args.map(String)]]
}

/** A script of `children/` that runs as a process of its own and speaks in lines of JSON. It does not outlive the test. */
export class Child {
  readonly process: ChildProcess
  readonly ended: Promise<{ code: number | null; stderr: string }>
  private readonly lines: unknown[] = []
  private readonly waiting: (() => void)[] = []
  private stderr = ''
  private over = false

  constructor(script: string, ...args: (string | number)[]) {
    this.process = spawn(...childCommand(script, ...args), { stdio: 'pipe' })
    onTestFinished(() => this.kill())
    const { stdout, stderr } = this.process
    if (!stdout || !stderr) throw new Error('no pipes')
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    createInterface(stdout).on('line', (line) => {
      this.lines.push(JSON.parse(line))
      this.wake()
    })
    this.ended = once(this.process, 'close').then(([code]) => {
      this.over = true
      this.wake()
      return { code, stderr: this.stderr }
    })
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  /** All lines so far. */
  get said(): readonly unknown[] {
    return this.lines
  }

  /** The next line that was not asked for before. */
  async next<T>(): Promise<T> {
    while (this.lines.length <= this.heard) {
      if (this.over) throw new Error(`the child has ended: ${this.stderr}`)
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
    return this.lines[this.heard++] as T
  }

  tell(line: unknown): void {
    this.process.stdin?.write(`${JSON.stringify(line)}\n`)
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.ended
  }

  private heard = 0

  private wake(): void {
    for (const waiter of this.waiting.splice(0)) waiter()
  }
}
