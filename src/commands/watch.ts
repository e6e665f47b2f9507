import { Flags } from '@oclif/core'
import type { Alarmed } from '../alarms/tell-alarms.js'
import { type AlarmFlags, alarmFlags, outletChoice } from '../cli/alarm-flags.js'
import { BaseCommand } from '../cli/base-command.js'
import { metricsFlag } from '../cli/metrics-flag.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import { s3Flags } from '../cli/s3-flags.js'
import { topicAmong } from '../cli/topic-uri.js'
import { webFlags } from '../cli/web-flags.js'
import type { Result } from '../core/results/result.js'
import type { DashboardModel } from '../dashboard/model.js'
import { EXIT, ExpectedError } from '../errors.js'
import type { ListenPlace } from '../http/listen.js'
import { CLEAN_TOPIC } from '../log/default-topics.js'
import type { HealthCheck } from '../watch/check-health.js'
import type { DrawOptions } from '../watch/draw-watched.js'
import type { RecordedOptions, ServeCalls, ServeOptions } from '../watch/serve-watched.js'
import type { Snapshot, SnapshotOptions } from '../watch/snapshot.js'
import type { WatchFace } from '../watch/watch.js'

export default class Watch extends BaseCommand {
  static override summary = 'Show the results live, in the terminal or on a page.'
  static override description = [
    'Reads results, adds them, and shows hit rates, drift times, occupancy, figures and alarms in pages. Keys: o, 1 to 4, t and h',
    'or Tab choose the page, c switches between all and the last 10, 60, 300 s, q quits, ? tells the others. With --json it prints the sum',
    'instead, in the form of a result, once a second where it has changed. With --web a page in browsers shows it. With --snapshot it',
    'writes what there is now once, and ends.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --from results.ndjson',
    "<%= config.bin %> <%= command.id %> --json | jq '.rows'",
    { description: 'A page for browsers on this machine', command: '<%= config.bin %> <%= command.id %> --web' },
    {
      description: 'The same of a finished run, for everybody who reaches port 80',
      command: '<%= config.bin %> <%= command.id %> --web --host 0.0.0.0 --port 80 --from s3://cosmics/results/',
    },
    {
      description: 'A picture of it as it is now',
      command: '<%= config.bin %> <%= command.id %> --snapshot dashboard.png',
    },
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
      exclusive: ['from-end', 'check', 'web'],
      helpValue: 'FILE',
      description:
        'write what there is now as FILE (.png .svg .txt .json .root.json .uhi.json) and end; - is text on standard output',
    }),
    ...webFlags,
    run: runFlag,
    check: Flags.boolean({
      description: 'read what results there are, tell of alarms, and end: with 3 where there is one, with 0 else',
      exclusive: ['from-end'],
    }),
    reference: Flags.string({
      helpValue: 'URI',
      description: 'results to compare with: what differs raises an alarm (files, a bucket, topic:NAME)',
    }),
    ...alarmFlags,
    metrics: metricsFlag(),
    ...s3Flags,
  }

  async run(): Promise<HealthCheck | undefined> {
    const { flags } = await this.parse(Watch)
    const topic = topicAmong(flags.from, 'watched', 'dtstream merge adds several')
    const run = await readRun(flags.run)
    const stored = { log: () => this.openLog(), s3: this.s3 }
    const reference = await this.reference(flags.reference, stored)
    const now: Now = { from: flags.from, topic, run, reference, context: stored }
    if (flags.snapshot !== undefined) return this.snapshot(flags.snapshot, now, flags)
    if (flags.check) return this.check(now, flags)
    const [{ geometryDigest }, { watchFiles, watchTopic }, { DashboardModel }] = await Promise.all([
      import('../core/run-file/geometry-digest.js'),
      import('../watch/watch.js'),
      import('../dashboard/model.js'),
    ])
    const geometry = geometryDigest(run)
    const from = flags['from-end'] ? 'end' : 'beginning'
    const watch: Watching = async (face, signal) => {
      this.notices.show = (text) => face.message(text)
      return topic === undefined
        ? watchFiles(flags.from, stored, { geometry, signal, face })
        : watchTopic({ log: await this.openLog(), topic, from, geometry, signal, face })
    }
    const watched = { title: flags.from.join(' '), run, watch }
    const place = { host: flags.host, port: flags.port }
    if (flags.web && topic === undefined) return this.serveRecorded({ ...watched, ...place, reference })
    const model = new DashboardModel(run, { reference })
    await this.openWatchMetrics(flags.metrics, model)
    await this.tellAlarms(model, flags)
    if (flags.web) await this.serveLive({ ...watched, ...place, model })
    else if (this.jsonEnabled()) await this.print(watch, model)
    else await this.draw({ ...watched, model })
    return undefined
  }

  private async snapshot(file: string, now: Now, flags: AlarmFlags): Promise<undefined> {
    const { snapshotForm, writeSnapshot } = await import('../watch/snapshot-forms.js')
    const form = snapshotForm(file)
    const snapshot = await this.take(now, flags)
    if (snapshot) await writeSnapshot(file, await form(snapshot))
  }

  private async check(now: Now, flags: AlarmFlags): Promise<HealthCheck | undefined> {
    const { checkHealth, checkInWords } = await import('../watch/check-health.js')
    const snapshot = await this.take(now, flags)
    if (!snapshot) return undefined
    const check = checkHealth(snapshot)
    for (const line of checkInWords(check)) this.log(line)
    if (!check.ok) process.exitCode = EXIT.alarm
    return check
  }

  /** Reads what there is now; the alarms that there are then are told once. */
  private async take(now: Now, flags: AlarmFlags): Promise<Snapshot | undefined> {
    const { takeSnapshot } = await import('../watch/snapshot.js')
    const { signal } = this.stopSignal()
    const snapshot = await takeSnapshot({ ...now, signal, note: (text) => this.notices.tell(text) })
    if (snapshot) await this.tellAlarms({ health: () => snapshot.view.health }, flags)
    return snapshot
  }

  private async reference(uri: string | undefined, stored: Now['context']): Promise<Result | undefined> {
    if (uri === undefined) return undefined
    const { readReference } = await import('../watch/read-reference.js')
    return readReference(uri, stored)
  }

  private async openWatchMetrics(place: ListenPlace | undefined, model: DashboardModel): Promise<void> {
    const metrics = await this.openMetrics(place)
    if (!metrics) return
    const { watchMetrics } = await import('../metrics/watch.js')
    watchMetrics(metrics, model, Date.now)
  }

  private async tellAlarms(alarmed: Alarmed, flags: AlarmFlags): Promise<void> {
    const choice = outletChoice(flags)
    if (!choice) return
    const { tellAlarms } = await import('../alarms/tell-alarms.js')
    const telling = await tellAlarms(alarmed, choice, (text) => this.notices.tell(text))
    this.atEnd(() => telling.close())
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

  private async serveLive(served: Omit<ServeOptions, keyof ServeCalls>): Promise<void> {
    const { serveLive } = await import('../watch/serve-watched.js')
    await serveLive({ ...served, ...this.serveCalls(served.title) })
  }

  private async serveRecorded(served: Omit<RecordedOptions, keyof ServeCalls>): Promise<undefined> {
    const forLive = ['on-alarm', 'alarm-webhook', 'alarms-to', 'metrics']
    const given = forLive.find((flag) => this.originOf(flag).kind === 'flag')
    if (given)
      throw new ExpectedError(
        `--${given} is for what comes live, and ${served.title} is recorded`,
        ['--check tells of alarms in what is recorded'],
        EXIT.usage,
      )
    const { serveRecorded } = await import('../watch/serve-watched.js')
    await serveRecorded({ ...served, ...this.serveCalls(served.title) })
  }

  private serveCalls(title: string): ServeCalls {
    return {
      signal: this.stopSignal().signal,
      onListening: (url) => this.log(`${title} is shown at ${url}; Ctrl-C ends`),
      onNotice: (sentence) => this.logToStderr(sentence),
    }
  }

  private async draw(options: DrawOptions): Promise<void> {
    if (!process.stdout.isTTY || !process.stdin.isTTY)
      throw new ExpectedError(
        'watch draws on a terminal, and standard output or input is none',
        ['add --json', 'or --snapshot FILE'],
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

/** What there is now. */
type Now = Omit<SnapshotOptions, 'signal' | 'note'>

type Watching = (face: WatchFace, signal: AbortSignal) => Promise<void>
