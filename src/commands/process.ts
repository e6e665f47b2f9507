import { Flags, type Interfaces } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { countFlag, durationFlag } from '../cli/flags.js'
import { createMalformedNotes } from '../cli/malformed-notes.js'
import { metricsFlag } from '../cli/metrics-flag.js'
import { pluginFlag } from '../cli/plugin-flag.js'
import type { JobSummary, SparkFace } from '../cli/process-on-spark.js'
import { batchInWords, statusInWords } from '../cli/process-words.js'
import { createProgress } from '../cli/progress.js'
import { RateMeter } from '../cli/rate-meter.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import { s3Flags } from '../cli/s3-flags.js'
import { outcomesInWords, outcomesOf } from '../cli/sink-outcomes.js'
import { checkEngineFlags, sparkFlags } from '../cli/spark-flags.js'
import { createStatusLine } from '../cli/status-line.js'
import { topicAmong } from '../cli/topic-uri.js'
import { CLEAN_TOPIC, RAW_TOPIC } from '../log/default-topics.js'
import type { Metrics } from '../metrics/metrics.js'
import { countedMetrics, topicMetrics } from '../metrics/process.js'
import type { Plugin } from '../plugins/load-plugins.js'
import { DEFAULT_GRACE_ORBITS, type FoldSettings, LARGEST_GRACE_ORBITS } from '../process/fold-settings.js'
import { type Counted, NOTHING_COUNTED } from '../process/lane-counts.js'
import type { HitsSink } from '../sinks/hits/hits-sink.js'
import type { OpenedSink, SinkOutcomes } from '../sinks/policy/guarded-sink.js'
import { storedBefore, storedBytes } from '../sources/stored-bytes.js'
import { parseUri } from '../uri.js'

const DEFAULT_INTERVAL_MS = 1000

/** With `--json`. */
interface Summary extends Omit<Counted, 'sent'> {
  /** what became of the results, for each sink that is no topic */
  sinks: SinkOutcomes[]
}

type ProcessFlags = Interfaces.InferredFlags<typeof Process.flags>

export default class Process extends BaseCommand {
  static override summary = 'Turn rows into results: one an interval, exact after any crash.'
  static override description = [
    'Reads data_raw, cleanses, joins hits by orbit, fills the histograms, and sends one result per lane and interval to',
    'data_clean, until Ctrl-C. What a lane has done is committed together with its results, so a restart goes on',
    'exactly there. With --from FILE it is the batch analysis of files: one result for all, unless --interval (then in',
    "the detector's time) cuts it.",
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %> --workers 2',
    {
      description: 'Batch analysis of files',
      command: '<%= config.bin %> <%= command.id %> --from data_000000.txt --to stdout:',
    },
    '<%= config.bin %> <%= command.id %> --from s3://cosmics/data_ --endpoint-url https://s3.example.org --to stdout:',
    "<%= config.bin %> <%= command.id %> --from 'runs/*.dat' --run run.yaml --to results.arrow",
    {
      description: 'The same results made by a Spark cluster',
      command: '<%= config.bin %> <%= command.id %> --engine spark --spark-remote sc://spark.example.org:15002',
    },
  ]
  static override flags = {
    from: Flags.string({
      multiple: true,
      default: [`topic:${RAW_TOPIC.name}`],
      helpValue: 'URI',
      description: 'topic:NAME, or files and buckets (s3://BUCKET/PREFIX) for a batch analysis',
    }),
    to: Flags.string({
      multiple: true,
      default: [`topic:${CLEAN_TOPIC.name}`],
      helpValue: 'URI',
      description:
        'where results go: topic:NAME, a folder or prefix (FOLDER/, a file a result), a file or an object (.ndjson .arrow .parquet .root.json .uhi.json), stdout:, null:, others that dtstream plugins lists; may be repeated',
    }),
    'hits-to': Flags.string({
      multiple: true,
      helpValue: 'URI',
      description:
        'folder or s3://BUCKET/PREFIX/ that gets the cleansed hits as files (Parquet, ?format=arrow); may be repeated',
    }),
    engine: Flags.option({ options: ['node', 'spark'] as const })({
      default: 'node' as const,
      description: 'what works: worker threads here, or a Spark cluster (see SPARK FLAGS)',
    }),
    workers: countFlag({
      char: 'w',
      min: 1,
      max: 64,
      default: 1,
      env: 'DTSTREAM_WORKERS',
      description: 'worker threads that share the lanes',
    }),
    interval: durationFlag({
      min: 10,
      description: 'how often results are sent; without it 1s (on Spark 5s), or one result of files',
    }),
    grace: countFlag({
      min: 1,
      max: LARGEST_GRACE_ORBITS,
      default: DEFAULT_GRACE_ORBITS,
      description: 'orbits by which the time must have passed an orbit that closes',
    }),
    idle: durationFlag({
      min: 100,
      default: 5000,
      description: 'how long nothing must have come for all orbits to close',
    }),
    group: Flags.string({
      default: 'dtstream',
      description: 'group whose progress is recorded and whose lanes are shared',
    }),
    'from-beginning': Flags.boolean({
      exclusive: ['from-end'],
      description: 'a new group begins with the oldest row (the default)',
    }),
    'from-end': Flags.boolean({ description: 'a new group begins with rows yet to come' }),
    'orbit-detail': Flags.option({ options: ['all', 'none'] as const })({
      default: 'all' as const,
      description: 'list active channels orbit by orbit in each result',
    }),
    strict: Flags.boolean({ description: 'end at the first record that cannot be read' }),
    plugin: pluginFlag,
    run: runFlag,
    metrics: metricsFlag(),
    ...sparkFlags,
    ...s3Flags,
    progress: Flags.boolean({ default: true, allowNo: true, description: 'show a status line on standard error' }),
  }

  /** With `stdout:` results are all that goes there, under `--json` too. */
  async run(): Promise<Summary | JobSummary | undefined> {
    const { flags } = await this.parse(Process)
    const topic = topicAmong(flags.from, 'processed', 'start a process for each topic')
    checkEngineFlags({ engine: flags.engine, isTopic: topic !== undefined }, (flag) => this.originOf(flag))
    const settings = await settingsFrom(flags)
    const summary =
      flags.engine === 'spark'
        ? await this.onSpark(topic, flags, settings)
        : await this.inThreads(topic, flags, settings)
    return flags.to.some((uri) => parseUri(uri).scheme === 'stdout') ? undefined : summary
  }

  private async inThreads(topic: string | undefined, flags: ProcessFlags, settings: FoldSettings): Promise<Summary> {
    const plugins = await this.plugins(flags.plugin)
    const metrics = await this.openMetrics(flags.metrics)
    return topic === undefined
      ? this.analyseFiles(flags, settings, plugins, metrics)
      : this.processTopic(topic, flags, settings, plugins, metrics)
  }

  private async onSpark(
    topic: string | undefined,
    flags: ProcessFlags,
    settings: FoldSettings,
  ): Promise<Summary | JobSummary> {
    const { filesOnSpark, topicOnSpark } = await import('../cli/process-on-spark.js')
    const face = this.sparkFace(flags, settings)
    if (topic !== undefined) return topicOnSpark(face, topic, flags, settings)
    const { counted, sinks } = await filesOnSpark(face, flags, settings)
    this.logToStderr([batchInWords(counted, false), ...outcomesInWords(sinks)].join(', '))
    return summaryOf(counted, sinks)
  }

  private sparkFace(flags: ProcessFlags, { run }: FoldSettings): SparkFace {
    let note = (text: string) => this.logToStderr(text)
    return {
      version: this.config.version,
      s3: this.s3,
      openLog: () => this.openLog(),
      openSinks: async () =>
        this.openSinks(flags.to, { group: flags.group, run, plugins: await this.plugins(flags.plugin) }),
      showStatus: (words) => {
        const line = createStatusLine({ shown: flags.progress && !this.jsonEnabled(), format: words })
        this.atEnd(() => line.stop())
        note = (text) => line.note(text)
        this.notices.show = note
      },
      stopSignal: (words) => this.stopSignal(() => note(words)).signal,
      tell: (text) => this.notices.tell(text),
    }
  }

  private async processTopic(
    topic: string,
    flags: ProcessFlags,
    settings: FoldSettings,
    plugins: Plugin[],
    metrics: Metrics | undefined,
  ): Promise<Summary> {
    const { processTopic, NOT_STARTED } = await import('../process/process-topic.js')
    const meter = new RateMeter()
    let status = NOT_STARTED
    let sinks: OpenedSink[] = []
    const line = createStatusLine({
      shown: flags.progress && !this.jsonEnabled(),
      format: () => [statusInWords(status, meter.rate), ...outcomesInWords(sinks)].join(', '),
    })
    this.atEnd(() => line.stop())
    this.notices.show = (text) => line.note(text)
    const stop = this.stopSignal(() => line.note('stopping: last results are being sent'))
    const intervalMs = flags.interval ?? DEFAULT_INTERVAL_MS
    const onCommitted = metrics && topicMetrics(metrics, { status: () => status, sinks: () => sinks, intervalMs })
    const log = await this.openLog()
    sinks = await this.openSinks(flags.to, { group: flags.group, run: settings.run, plugins })
    status = await processTopic({
      log,
      topic,
      group: flags.group,
      workers: flags.workers,
      lane: {
        ...settings,
        intervalMs,
        idleMs: flags.idle,
        begin: flags['from-end'] ? 'end' : 'beginning',
        strict: flags.strict,
      },
      sinks,
      hitsTo: flags['hits-to'] && { uris: flags['hits-to'], group: flags.group, s3: this.s3 },
      signal: stop.signal,
      onCommitted,
      onMalformed: createMalformedNotes((text) => line.note(text)),
      onWarning: (text) => this.notices.tell(text),
      onStatus: (now) => {
        status = now
        meter.add(now.read, performance.now())
      },
    })
    return summaryOf(status, sinks)
  }

  private async analyseFiles(
    flags: ProcessFlags,
    settings: FoldSettings,
    plugins: Plugin[],
    metrics: Metrics | undefined,
  ): Promise<Summary> {
    const [{ openSources }, { processFiles }] = await Promise.all([
      import('../sources/registry.js'),
      import('../process/process-files.js'),
    ])
    const stop = this.stopSignal()
    const parts = await openSources(flags.from, {
      run: settings.run,
      log: () => this.openLog(),
      s3: this.s3,
      signal: stop.signal,
      plugged: plugins.flatMap((plugin) => plugin.sources),
      onNotice: (text) => this.notices.tell(text),
    })
    const total = storedBytes(parts)
    const progress = await createProgress({
      label: 'process',
      shown: flags.progress && !this.jsonEnabled(),
      ...(total === undefined ? {} : { bytes: { total, from: 0 } }),
    })
    this.atEnd(() => progress.stop())
    this.notices.show = (text) => progress.note(text)
    const hits = await this.openHitsSinks(flags, settings)
    const sinks = await this.openSinks(flags.to, { group: flags.group, run: settings.run, plugins })
    let counted = NOTHING_COUNTED
    if (metrics) countedMetrics(metrics, { status: () => counted, sinks: () => sinks })
    counted = await processFiles({
      ...settings,
      parts,
      sinks,
      hits,
      worker: `batch/${process.pid}/0`,
      intervalMs: flags.interval,
      strict: flags.strict,
      signal: stop.signal,
      wallNow: () => Date.now(),
      onMalformed: createMalformedNotes((text) => progress.note(text)),
      onProgress: (now, { partIndex, next }) => {
        counted = now
        progress.update(now.read, storedBefore(parts, { part: partIndex, at: next }))
      },
    })
    progress.stop()
    this.logToStderr([batchInWords(counted, stop.signal.aborted), ...outcomesInWords(sinks)].join(', '))
    return summaryOf(counted, sinks)
  }

  private async openHitsSinks(flags: ProcessFlags, { run }: FoldSettings): Promise<HitsSink | undefined> {
    const uris = flags['hits-to']
    if (!uris) return undefined
    const { openHitsSinks } = await import('../sinks/hits/several.js')
    return openHitsSinks(uris, { group: flags.group, run, s3: this.s3 })
  }
}

async function settingsFrom(flags: ProcessFlags): Promise<FoldSettings> {
  const run = await readRun(flags.run)
  const { geometryDigest } = await import('../core/run-file/geometry-digest.js')
  return {
    run,
    geometry: geometryDigest(run),
    grace: flags.grace,
    orbitDetail: flags['orbit-detail'] === 'all',
  }
}

function summaryOf({ read, late, malformed, results }: Counted, sinks: readonly OpenedSink[]): Summary {
  return { read, late, malformed, results, sinks: outcomesOf(sinks) }
}
