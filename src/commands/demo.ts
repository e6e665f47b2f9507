import { mkdtemp, rm } from 'node:fs/promises'
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

  async run(): Promise<{ results: number; rows: number; hits: number }> {
    const { flags } = await this.parse(Demo)
    const run = await readRun(flags.run)
    const folder = await mkdtemp(join(tmpdir(), 'dtstream-demo-'))
    this.atEnd(() => rm(folder, { recursive: true, force: true }))
    const { openEmbeddedLog } = await import('../log/embedded/index.js')
    const log = await openEmbeddedLog(folder)
    this.atEnd(() => log.close())
    const { runDemo } = await import('../demo/demo.js')
    const demo = (face: WatchFace, signal: AbortSignal) =>
      runDemo({ log, logFolder: folder, run, rate: flags.rate, signal, face })
    const onTerminal = Boolean(process.stdout.isTTY && process.stdin.isTTY) && !this.jsonEnabled()
    const durationMs = flags.duration ?? (onTerminal ? undefined : WITHOUT_TERMINAL_MS)
    const totals = { results: 0, rows: 0, hits: 0 }
    const count = (face: WatchFace): WatchFace => ({
      ...face,
      add(result) {
        totals.results++
        totals.rows += result.rows.read
        totals.hits += result.hit_count
        face.add(result)
      },
    })
    if (onTerminal) await this.draw((face, signal) => demo(count(face), signal), run, durationMs)
    else await this.print((face, signal) => demo(count(face), signal), log, durationMs)
    return totals
  }

  private async draw(
    demo: (face: WatchFace, signal: AbortSignal) => Promise<void>,
    run: RunFile,
    durationMs: number | undefined,
  ): Promise<void> {
    const { drawWatched } = await import('../watch/draw-watched.js')
    const watch = (face: WatchFace, signal: AbortSignal) => demo(face, AbortSignal.any([signal, timeLimit(durationMs)]))
    process.exitCode = await drawWatched({ title: 'demo: simulated detector', run, watch, closeAtEnd: true })
  }

  private async print(
    demo: (face: WatchFace, signal: AbortSignal) => Promise<void>,
    log: Log,
    durationMs: number | undefined,
  ): Promise<void> {
    const [{ resultInWords }, { Lag }] = await Promise.all([import('../dashboard/words.js'), import('../watch/lag.js')])
    const stop = this.stopSignal()
    const lag = new Lag(log)
    const face: WatchFace = {
      add: (result) => {
        lag.add(result)
        void lag.messages().then((messages) => this.log(resultInWords(result, messages)))
      },
      setLag: () => undefined,
      message: (text) => this.logToStderr(text),
    }
    await demo(face, AbortSignal.any([stop.signal, timeLimit(durationMs)]))
  }
}

function timeLimit(ms: number | undefined): AbortSignal {
  return ms === undefined ? new AbortController().signal : AbortSignal.timeout(ms)
}
