import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import xterm, { type Terminal } from '@xterm/headless'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What is on a terminal's screen. */
export class Screen {
  constructor(readonly term: Terminal) {}

  /** The rows, without the blanks at their ends. */
  rows(): string[] {
    const { active } = this.term.buffer
    return Array.from(
      { length: this.term.rows },
      (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '',
    )
  }

  text(): string {
    return this.rows().join('\n')
  }

  /** Number of the colour of a cell's text, or -1 for the terminal's own. */
  colour(column: number, row: number): number {
    const { active } = this.term.buffer
    const cell = active.getLine(active.baseY + row)?.getCell(column)
    return cell?.isFgPalette() ? cell.getFgColor() : -1
  }

  get buffer(): 'normal' | 'alternate' {
    return this.term.buffer.active.type
  }
}

/** Streams that look like a terminal to a program; what it writes is laid out by xterm.js. */
export function fakeTerminal(columns: number, rows: number) {
  const term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 })
  const screen = new Screen(term)
  let writes = 0
  const output = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        if (chunk !== '') writes++
        term.write(chunk, () => done())
      },
    }),
    { isTTY: true, columns, rows },
  )
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode(on: boolean) {
      input.isRaw = on
      return input
    },
  })
  /** Waits until what was drawn is on the screen. */
  const settled = async () => {
    // blessed writes on the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise<void>((resolve) => output.write('', () => resolve()))
  }
  return {
    screen,
    input,
    output,
    settled,
    /** how often something was written */
    writes: () => writes,
    async press(keys: string) {
      input.write(keys)
      await settled()
    },
    async resize(toColumns: number, toRows: number) {
      await settled()
      term.resize(toColumns, toRows)
      Object.assign(output, { columns: toColumns, rows: toRows })
      output.emit('resize')
      await settled()
    },
  }
}

/** A command of the project on a real pseudo-terminal, which util-linux's `script` opens. */
export class PtyCommand {
  readonly screen: Screen
  /** the exit code */
  readonly ended: Promise<number | null>
  /** everything written, control sequences and all */
  written = ''
  private readonly child: ChildProcess

  constructor(command: string, { columns = 100, rows = 30, env = {} } = {}) {
    const term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 })
    this.screen = new Screen(term)
    this.child = spawn('script', ['-qfec', `stty cols ${columns} rows ${rows}; exec ${command}`, '/dev/null'], {
      cwd: ROOT,
      env: { ...process.env, TERM: 'xterm-256color', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.written += text
      term.write(text)
    })
    this.ended = once(this.child, 'close').then(async ([code]) => {
      await new Promise<void>((resolve) => term.write('', resolve))
      return code as number | null
    })
  }

  type(keys: string): void {
    this.child.stdin?.write(keys)
  }

  /** Waits until this is on the screen, and gives what matched. */
  async until(pattern: RegExp, patienceMs = 20_000): Promise<RegExpExecArray> {
    for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(50)) {
      const match = pattern.exec(this.screen.text())
      if (match) return match
    }
    throw new Error(`not on the screen after ${patienceMs} ms: ${pattern}\n${this.screen.text()}`)
  }
}
