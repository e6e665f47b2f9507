import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import { s3Flags } from '../cli/s3-flags.js'
import { topicOfUri } from '../cli/topic-uri.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { EXIT, ExpectedError } from '../errors.js'
import { CLEAN_TOPIC } from '../log/default-topics.js'
import { parseUri } from '../uri.js'
import type { SnapshotOptions } from '../watch/snapshot.js'
import type { WatchFace } from '../watch/watch.js'

export default class Watch extends BaseCommand {
  static override summary = 'Show the results live in the terminal.'
  static override description = [
    'Reads results, adds them, and shows hit rates, drift times, occupancy, figures and alarms in pages. Keys: o, 1 to 4, t and h',
    'or Tab choose the page, c switches between all and the last 10, 60, 300 s, q quits, ? tells the others. With --json it prints the sum',
    'instead, in the form of a result, once a second where it has changed. With --snapshot it writes what there is now once, and ends.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --from results.ndjson',
    "<%= config.bin %> <%= command.id %> --json | jq '.rows'",
    '<%= config.bin %> <%= command.id %> --snapshot dashboard.png',
  ]
  static override flags = {
    from: Flags.string({
      multiple: true,
      default: [`topic:${CLEAN_TOPIC.name}`],
      helpValue: 'URI',
      description: 'topic:NAME, or files and buckets of results (.ndjson .arrow .parquet)',
    }),
    'from-end': Flags.boolean({ description: 'only results that are yet to come' }),
    snapshot: Flags.string({
      exclusive: ['from-end'],
      helpValue: 'FILE',
      description: 'write what there is now as FILE (.png .svg .txt .json) and end; - is text on standard output',
    }),
    run: runFlag,
    ...s3Flags,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Watch)
    const topic = topicAmong(flags.from)
    const run = await readRun(flags.run)
    if (flags.snapshot !== undefined) return this.snapshot(flags.snapshot, { from: flags.from, topic, run })
    const [{ geometryDigest }, { watchFiles, watchTopic }] = await Promise.all([
      import('../core/run-file/geometry-digest.js'),
      import('../watch/watch.js'),
    ])
    const geometry = geometryDigest(run)
    const from = flags['from-end'] ? 'end' : 'beginning'
    const watch: Watching = async (face, signal) => {
      this.notices.show = (text) => face.message(text)
      return topic === undefined
        ? watchFiles(flags.from, { log: () => this.openLog(), s3: this.s3 }, { geometry, signal, face })
        : watchTopic({ log: await this.openLog(), topic, from, geometry, signal, face })
    }
    if (this.jsonEnabled()) await this.print(watch)
    else await this.draw(watch, flags.from.join(' '), run)
  }

  private async snapshot(file: string, what: Pick<SnapshotOptions, 'from' | 'topic' | 'run'>): Promise<void> {
    const [{ snapshotForm, writeSnapshot }, { takeSnapshot }] = await Promise.all([
      import('../watch/snapshot-forms.js'),
      import('../watch/snapshot.js'),
    ])
    const form = snapshotForm(file)
    const context = { log: () => this.openLog(), s3: this.s3 }
    const note = (text: string) => this.notices.show(text)
    const snapshot = await takeSnapshot({ ...what, context, signal: this.stopSignal().signal, note })
    if (snapshot) await writeSnapshot(file, await form(snapshot))
  }

  private async print(watch: Watching): Promise<void> {
    const { createMergedPrinter } = await import('../watch/print-merged.js')
    const printer = createMergedPrinter(
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

  private async draw(watch: Watching, title: string, run: RunFile): Promise<void> {
    if (!process.stdout.isTTY || !process.stdin.isTTY)
      throw new ExpectedError(
        'watch draws on a terminal, and standard output or input is none',
        ['add --json', 'or --snapshot FILE'],
        EXIT.usage,
      )
    const { drawWatched } = await import('../watch/draw-watched.js')
    process.exitCode = await drawWatched({ title, run, watch })
  }

  /** The lines of `--json` are printed as they come; at the end there is no more to say, unless it is an error. */
  protected override logJson(json: unknown): void {
    if (json !== undefined) super.logJson(json)
  }
}

type Watching = (face: WatchFace, signal: AbortSignal) => Promise<void>

/** The topic that is to be watched; undefined where it is files. */
function topicAmong(from: readonly string[]): string | undefined {
  const topics = from.filter((uri) => parseUri(uri).scheme === 'topic')
  if (topics.length > 0 && from.length > 1)
    throw new ExpectedError(
      'one topic, or files, can be watched at a time',
      ['dtstream merge adds several'],
      EXIT.usage,
    )
  return topics.length === 0 ? undefined : topicOfUri(topics[0])
}
