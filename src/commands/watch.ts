import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import { topicOfUri } from '../cli/topic-uri.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { EXIT, ExpectedError } from '../errors.js'
import { CLEAN_TOPIC } from '../log/default-topics.js'
import { parseUri } from '../uri.js'
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
      description: 'topic:NAME, or files of results (.ndjson, .arrow)',
    }),
    'from-end': Flags.boolean({ description: 'only results that are yet to come' }),
    run: runFlag,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Watch)
    const run = await readRun(flags.run)
    const { geometryDigest } = await import('../core/run-file/geometry-digest.js')
    const geometry = geometryDigest(run)
    const topics = flags.from.filter((uri) => parseUri(uri).scheme === 'topic')
    if (topics.length > 1 || (topics.length === 1 && flags.from.length > 1))
      throw new ExpectedError(
        'one topic, or files, can be watched at a time',
        ['dtstream merge adds several'],
        EXIT.usage,
      )
    const watch =
      topics.length === 1
        ? (face: WatchFace, signal: AbortSignal) =>
            this.watchTopic(topics[0], flags['from-end'], geometry, face, signal)
        : (face: WatchFace) => this.readFiles(flags.from, geometry, face)
    if (this.jsonEnabled()) await this.print(watch)
    else await this.draw(watch, flags.from.join(' '), run)
  }

  private async watchTopic(
    uri: string,
    fromEnd: boolean,
    geometry: string,
    face: WatchFace,
    signal: AbortSignal,
  ): Promise<void> {
    const { watchTopic } = await import('../watch/watch.js')
    const log = await this.openLog()
    await watchTopic({ log, topic: topicOfUri(uri), from: fromEnd ? 'end' : 'beginning', geometry, signal, face })
  }

  private async readFiles(uris: string[], geometry: string, face: WatchFace): Promise<void> {
    const [{ readResults }, { countPassedOver }] = await Promise.all([
      import('../sources/results/read-results.js'),
      import('../watch/watch.js'),
    ])
    const passedOver = countPassedOver(face)
    for await (const result of readResults(uris, {
      log: () => this.openLog(),
      onForeign: () => passedOver('is no result'),
    })) {
      if (result.geometry === geometry) face.add(result)
      else passedOver('is of another geometry')
    }
  }

  private async print(watch: (face: WatchFace, signal: AbortSignal) => Promise<void>): Promise<void> {
    const { createMergedPrinter } = await import('../watch/print-merged.js')
    const printer = createMergedPrinter(
      (line) => process.stdout.write(`${line}\n`),
      (text) => this.logToStderr(text),
    )
    this.atEnd(() => printer.stop())
    const stop = this.stopSignal()
    await watch(printer, stop.signal)
  }

  private async draw(
    watch: (face: WatchFace, signal: AbortSignal) => Promise<void>,
    title: string,
    run: RunFile,
  ): Promise<void> {
    if (!process.stdout.isTTY || !process.stdin.isTTY)
      throw new ExpectedError(
        'watch draws on a terminal, and standard output or input is none',
        ['add --json'],
        EXIT.usage,
      )
    const { drawWatched } = await import('../watch/draw-watched.js')
    process.exitCode = await drawWatched({ title, run, watch })
  }

  /** The lines of `--json` are printed as they come; there is no one answer at the end. */
  protected override logJson(): void {}
}
