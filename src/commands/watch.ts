import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { metricsFlag } from '../cli/metrics-flag.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import { s3Flags } from '../cli/s3-flags.js'
import { topicAmong } from '../cli/topic-uri.js'
import type { DashboardModel } from '../dashboard/model.js'
import { EXIT, ExpectedError } from '../errors.js'
import { CLEAN_TOPIC } from '../log/default-topics.js'
import { watchMetrics } from '../metrics/watch.js'
import type { DrawOptions } from '../watch/draw-watched.js'
import type { WatchFace } from '../watch/watch.js'

export default class Watch extends BaseCommand {
  static override summary = 'Show the results live in the terminal.'
  static override description = [
    'Reads results, adds them, and shows hit rates, drift times, occupancy and figures. Keys: q quits, p pauses, r resets,',
    '1 to 4 show one chamber large, c switches between all and the last minute, ? helps. With --json it prints the sum',
    'instead, in the form of a result, once a second where it has changed.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --from results.ndjson',
    "<%= config.bin %> <%= command.id %> --json | jq '.rows'",
  ]
  static override flags = {
    from: Flags.string({
      multiple: true,
      default: [`topic:${CLEAN_TOPIC.name}`],
      helpValue: 'URI',
      description: 'topic:NAME, or files and buckets of results (.ndjson .arrow .parquet)',
    }),
    'from-end': Flags.boolean({ description: 'only results that are yet to come' }),
    run: runFlag,
    metrics: metricsFlag(),
    ...s3Flags,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Watch)
    const topic = topicAmong(flags.from, 'watched', 'dtstream merge adds several')
    const run = await readRun(flags.run)
    const metrics = await this.openMetrics(flags.metrics)
    const [{ geometryDigest }, { DashboardModel }, { watchFiles, watchTopic }] = await Promise.all([
      import('../core/run-file/geometry-digest.js'),
      import('../dashboard/model.js'),
      import('../watch/watch.js'),
    ])
    const model = new DashboardModel(run)
    if (metrics) watchMetrics(metrics, { totals: () => model.totals(Date.now()), alarms: () => [] })
    const geometry = geometryDigest(run)
    const from = flags['from-end'] ? 'end' : 'beginning'
    const watch: Watching = async (face, signal) => {
      this.notices.show = (text) => face.message(text)
      return topic === undefined
        ? watchFiles(flags.from, { log: () => this.openLog(), s3: this.s3 }, { geometry, signal, face })
        : watchTopic({ log: await this.openLog(), topic, from, geometry, signal, face })
    }
    if (this.jsonEnabled()) await this.print(watch, model)
    else await this.draw({ title: flags.from.join(' '), run, model, watch })
  }

  private async print(watch: Watching, model: DashboardModel): Promise<void> {
    const { createMergedPrinter } = await import('../watch/print-merged.js')
    const printer = createMergedPrinter(
      model,
      (line) => process.stdout.write(`${line}\n`),
      (text) => process.stderr.write(`${text}\n`),
    )
    this.atEnd(() => printer.stop())
    const { signal } = this.stopSignal()
    // a reader that has gone, as `head` does, wants no more
    const readerGone = new AbortController()
    process.stdout.once('error', () => readerGone.abort())
    await watch(printer, AbortSignal.any([signal, readerGone.signal]))
  }

  private async draw(options: DrawOptions): Promise<void> {
    if (!process.stdout.isTTY || !process.stdin.isTTY)
      throw new ExpectedError(
        'watch draws on a terminal, and standard output or input is none',
        ['add --json'],
        EXIT.usage,
      )
    const { drawWatched } = await import('../watch/draw-watched.js')
    process.exitCode = await drawWatched(options)
  }

  /** The lines of `--json` are printed as they come; at the end there is no more to say, unless it is an error. */
  protected override logJson(json: unknown): void {
    if (json !== undefined) super.logJson(json)
  }
}

type Watching = (face: WatchFace, signal: AbortSignal) => Promise<void>
