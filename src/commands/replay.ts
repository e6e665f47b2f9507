import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { countFlag, rateFlag } from '../cli/flags.js'
import { metricsFlag } from '../cli/metrics-flag.js'
import { formatCount, formatRate, formatTime, plural } from '../cli/numbers.js'
import { pluginFlag } from '../cli/plugin-flag.js'
import { createProgress, type Progress } from '../cli/progress.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import { s3Flags } from '../cli/s3-flags.js'
import { speedFlag } from '../cli/speed-flag.js'
import { topicOfUri } from '../cli/topic-uri.js'
import { EXIT, ExpectedError } from '../errors.js'
import { ensureTopic, RAW_TOPIC } from '../log/default-topics.js'
import { replayMetrics } from '../metrics/replay.js'
import type { Pacer } from '../replay/pacer.js'
import { type ReplayProgress, sentSince } from '../replay/replay-progress.js'
import { ROW_FORMATS, type RowFormat } from '../replay/row-formats.js'
import type { SourcePart } from '../sources/source.js'
import { storedBefore, storedBytes } from '../sources/stored-bytes.js'

const DEFAULT_RATE = 1000

/** With `--json`: how far the replay has come, and what this call did. */
interface Summary extends ReplayProgress {
  topic: string
  /** rows sent by this call */
  sent: number
  seconds: number
  /** of this call, rows per second */
  rate: number
}

export default class Replay extends BaseCommand {
  static override summary = 'Replay rows into a topic at a set pace.'
  static override description = [
    'Reads files, buckets, topics, or the simulator where none is named, and sends their rows to data_raw: 1000 a second unless told',
    'otherwise. All rows of an orbit go to one partition, and an end mark to each when the source ends. Ctrl-C stops at',
    'a row that is recorded in the log, and --resume goes on behind it, without a row lost or doubled.',
  ].join(' ')
  static override examples = [
    { description: 'The simulated detector, 1000 rows a second', command: '<%= config.bin %> <%= command.id %>' },
    '<%= config.bin %> <%= command.id %> data_*.txt --rate 5k/s',
    '<%= config.bin %> <%= command.id %> data_000000.txt --speed 2x',
    "<%= config.bin %> <%= command.id %> 'sim:?seed=7&rows=1000000' --rate max --format lines",
    {
      description: 'A copy of a topic, keyed by orbit, that any number of workers can process',
      command: '<%= config.bin %> <%= command.id %> --from topic:data_raw --to topic:data_keyed --rate max',
    },
  ]
  static override args = {
    sources: Args.string({
      description:
        'files, folders, globs, buckets (s3://BUCKET/PREFIX), topics (topic:NAME) or other URIs of rows; the simulator (sim:) where none is given',
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    from: Flags.string({ multiple: true, helpValue: 'URI', description: 'a source of rows, as the arguments are' }),
    to: Flags.string({
      default: `topic:${RAW_TOPIC.name}`,
      helpValue: 'TOPIC',
      description: 'topic that gets the rows',
    }),
    rate: rateFlag({
      char: 'r',
      min: 0.001,
      env: 'DTSTREAM_RATE',
      exclusive: ['speed'],
      description: 'rows per unit of time, 1000/s, 5k/s, 60000/min, or max; without it 1000/s',
    }),
    speed: speedFlag({ description: "pace by the rows' own clock: 1x as it was, 2x twice as fast" }),
    batch: countFlag({ min: 1, max: 1_000_000, description: 'rows sent at once; without it, what is due every 20 ms' }),
    limit: countFlag({ char: 'n', min: 1, description: 'stop after so many rows' }),
    loop: Flags.boolean({ description: 'begin again when the source ends' }),
    format: Flags.option({ options: ROW_FORMATS })({
      default: 'row' as RowFormat,
      description: 'rows in messages: one as text, many lines of text, an Arrow stream, raw words',
    }),
    resume: Flags.boolean({ description: 'go on where the last replay of these sources into this topic stopped' }),
    plugin: pluginFlag,
    run: runFlag,
    metrics: metricsFlag(),
    ...s3Flags,
    progress: Flags.boolean({ default: true, allowNo: true, description: 'show progress on standard error' }),
  }

  async run(): Promise<Summary> {
    const { args, flags } = await this.parse(Replay)
    const topic = topicOfUri(flags.to)
    const run = await readRun(flags.run)
    const sources = [...(args.sources ?? []), ...(flags.from ?? [])]
    const uris = sources.length > 0 ? sources : ['sim:']
    if (uris.includes(flags.to))
      throw new ExpectedError(`${flags.to} cannot be replayed into itself`, ['--to another topic'], EXIT.usage)
    const metrics = await this.openMetrics(flags.metrics)
    const [{ openSources }, { replay }, { lastProgress, progressKey }] = await Promise.all([
      import('../sources/registry.js'),
      import('../replay/replay.js'),
      import('../replay/replay-progress.js'),
    ])
    const plugged = (await this.plugins(flags.plugin)).flatMap((plugin) => plugin.sources)
    const reading = new AbortController()
    const parts = await openSources(uris, {
      run,
      log: () => this.openLog(),
      s3: this.s3,
      signal: reading.signal,
      plugged,
      onNotice: (text) => this.notices.tell(text),
    })
    const log = await this.openLog()
    const info = await ensureTopic(log, topic)
    const key = progressKey(topic, uris)
    const from = flags.resume ? await lastProgress(log, info, key, parts) : undefined
    const limit = flags.limit ?? Number.POSITIVE_INFINITY
    const startMs = performance.now()
    const pacer = await createPacer(flags, startMs)
    const shown = flags.progress && !this.jsonEnabled()
    const rows = totalRows(parts, limit, flags.loop)
    const bytes = rows === undefined && !flags.loop ? bytesOf(parts, from) : undefined
    const progress = await startProgress(shown, pacer, { rows, bytes }, from)
    this.atEnd(() => progress.stop())
    this.notices.show = (text) => progress.note(text)
    if (flags.resume)
      progress.note(from ? `goes on after ${plural(from.rows, 'row')}` : 'nothing to resume: starts at the beginning')
    const stop = this.stopSignal(() => reading.abort())
    let reached = from
    if (metrics)
      replayMetrics(
        metrics,
        () => sentSince(from, reached),
        pacer.wantedRate,
        () => performance.now(),
      )
    const end = await replay({
      log,
      topic,
      partitions: info.partitions,
      parts,
      run,
      format: flags.format,
      pacer,
      ...(flags.batch === undefined ? {} : { batch: flags.batch }),
      limit,
      loop: flags.loop,
      progressKey: key,
      ...(from ? { from } : {}),
      signal: stop.signal,
      now: () => performance.now(),
      onProgress: (now) => {
        reached = now
        progress.update(now.rows, storedBefore(parts, now.position))
      },
    })
    progress.stop()
    if (end.rows === 0 && end.malformed === 0 && end.done)
      throw new ExpectedError(`no rows in ${uris.join(' ')}`, ['check that the files hold rows of the detector'])
    const { sent } = sentSince(from, end)
    const seconds = (performance.now() - startMs) / 1000
    const summary = { ...end, topic, sent, seconds, rate: sent / seconds }
    this.logToStderr(end === from ? nothingNew(end, limit) : inWords(summary, from, limit, parts))
    return summary
  }
}

async function createPacer(
  flags: { rate: number | undefined; speed: number | undefined },
  startMs: number,
): Promise<Pacer> {
  if (flags.speed === undefined)
    return (await import('../replay/pacer.js')).ratePacer(flags.rate ?? DEFAULT_RATE, startMs)
  return (await import('../replay/speed-pacer.js')).speedPacer(flags.speed, startMs)
}

function startProgress(
  shown: boolean,
  { wantedRate }: Pacer,
  { rows, bytes }: { rows: number | undefined; bytes: { total: number; from: number } | undefined },
  from: ReplayProgress | undefined,
): Promise<Progress> {
  return createProgress({
    label: 'replay',
    shown,
    ...(rows === undefined ? {} : { total: rows }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(wantedRate === undefined ? {} : { wanted: wantedRate }),
    ...(from ? { from: from.rows } : {}),
  })
}

/** Where it is known: files say how many rows they hold only when they have been read. */
function totalRows(parts: readonly SourcePart[], limit: number, loop: boolean): number | undefined {
  const rows = parts.reduce((sum, { unit, size }) => sum + (unit === 'row' ? (size ?? Number.NaN) : Number.NaN), 0)
  const total = loop || Number.isNaN(rows) ? limit : Math.min(limit, rows)
  return Number.isFinite(total) ? total : undefined
}

/** Of what is stored: bytes in all, and of those that an earlier replay has read. */
function bytesOf(parts: readonly SourcePart[], from: ReplayProgress | undefined) {
  const total = storedBytes(parts)
  return total === undefined ? undefined : { total, from: from ? storedBefore(parts, from.position) : 0 }
}

function inWords(
  summary: Summary,
  from: ReplayProgress | undefined,
  limit: number,
  parts: readonly SourcePart[],
): string {
  const { topic, sent, seconds, rate, rows, done, position } = summary
  const { malformed } = sentSince(from, summary)
  const unreadable = malformed > 0 ? ` and ${plural(malformed, 'record')} that cannot be read` : ''
  const inAll = from ? `, ${formatCount(rows)} in all` : ''
  const what = `${plural(sent, 'row')}${unreadable} sent to ${topic} in ${formatTime(seconds * 1000)} (${formatRate(rate)})${inAll}`
  if (done) return `${what}; ${rows >= limit ? 'the limit is reached' : 'the source has ended'}`
  const { name, unit } = parts[position.part]
  return `${what}; stopped at ${name} ${unit} ${position.at}, --resume goes on there`
}

function nothingNew({ rows }: ReplayProgress, limit: number): string {
  return `nothing to send: ${rows >= limit ? 'the limit was reached' : 'all was sent'} before (${plural(rows, 'row')})`
}
