import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BaseCommand } from '../cli/base-command.js'
import { durationFlag, rateFlag } from '../cli/flags.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import type { RunFile } from '../core/run-file/run-file.js'
import type { Log } from '../log/log.js'
import type { WatchFace } from '../watch/watch.js'

const WITHOUT_TERMINAL_MS = 10_000

interface Totals {
  results: number
  rows: number
  hits: number
}

type Demonstration = (face: WatchFace, signal: AbortSignal) => Promise<void>

export default class Demo extends BaseCommand {
  static override summary = 'See it all at work: a simulated detector, its results, and the dashboard.'
  static override description = [
    'Simulates a detector, replays its rows, processes them and shows the results, in one command and in a log of its own',
    'that is gone afterwards. Without a terminal it prints a line a result, and stops by itself.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --rate 20k/s --duration 1m',
  ]
  static override baseFlags = { ...BaseCommand.baseFlags, log: { ...BaseCommand.baseFlags.log, hidden: true } }
  static override flags = {
    rate: rateFlag({ char: 'r', default: 1000, min: 1, max: 1_000_000, description: 'rows per unit of time' }),
    duration: durationFlag({ min: 1, description: 'how long; without it endless on a terminal, 10s otherwise' }),
    run: runFlag,
  }

  async run(): Promise<Totals> {
    const { flags } = await this.parse(Demo)
    const run = await readRun(flags.run)
    const onTerminal = Boolean(process.stdout.isTTY && process.stdin.isTTY) && !this.jsonEnabled()
    const stop = this.stopSignal()
    const folder = await temporaryFolder()
    const { openEmbeddedLog } = await import('../log/embedded/index.js')
    const log = await openEmbeddedLog(folder)
    this.atEnd(() => log.close())
    const { runDemo } = await import('../demo/demo.js')
    const totals: Totals = { results: 0, rows: 0, hits: 0 }
    const demo = (face: WatchFace, signal: AbortSignal) =>
      runDemo({ log, run, rate: flags.rate, signal, face: counting(totals, face) })
    const limit = this.timeLimit(flags.duration ?? (onTerminal ? undefined : WITHOUT_TERMINAL_MS))
    const signal = AbortSignal.any([stop.signal, limit])
    if (onTerminal) await this.draw(demo, run, signal)
    else await this.print(demo, log, signal)
    return totals
  }

  private async draw(demo: Demonstration, run: RunFile, signal: AbortSignal): Promise<void> {
    const [{ drawWatched }, { DashboardModel }] = await Promise.all([
      import('../watch/draw-watched.js'),
      import('../dashboard/model.js'),
    ])
    const model = new DashboardModel(run)
    const watch = (face: WatchFace, closed: AbortSignal) => demo(face, AbortSignal.any([closed, signal]))
    process.exitCode = await drawWatched({ title: 'demo: simulated detector', run, model, watch, closeAtEnd: true })
  }

  private async print(demo: Demonstration, log: Log, signal: AbortSignal): Promise<void> {
    const { createResultLines } = await import('../demo/result-lines.js')
    const lines = createResultLines(
      log,
      (line) => this.log(line),
      (text) => process.stderr.write(`${text}\n`),
    )
    await demo(lines, signal)
    await lines.settled()
  }

  /** Aborts after so many ms, or never. */
  private timeLimit(ms: number | undefined): AbortSignal {
    const limit = new AbortController()
    if (ms !== undefined) {
      const timer = setTimeout(() => limit.abort(), ms)
      this.atEnd(() => clearTimeout(timer))
    }
    return limit.signal
  }
}

/** A folder that is gone when the process is, however it ends short of SIGKILL. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dtstream-demo-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function counting(totals: Totals, face: WatchFace): WatchFace {
  return {
    ...face,
    add(result) {
      totals.results++
      totals.rows += result.rows.read
      totals.hits += result.hit_count
      face.add(result)
    },
  }
}
