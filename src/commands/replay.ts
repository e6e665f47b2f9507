import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { countFlag, rateFlag } from '../cli/flags.js'
import { formatCount, formatRate, formatTime, plural } from '../cli/numbers.js'
import { createProgress } from '../cli/progress.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import { speedFlag } from '../cli/speed-flag.js'
import { topicOfUri } from '../cli/topic-uri.js'
import { EXIT, ExpectedError } from '../errors.js'
import { ensureTopic, RAW_TOPIC } from '../log/default-topics.js'
import type { ReplayProgress } from '../replay/replay-progress.js'
import { ROW_FORMATS, type RowFormat } from '../replay/row-formats.js'

const DEFAULT_RATE = 1000

interface Summary extends ReplayProgress {
  topic: string
  seconds: number
  rate: number
}

export default class Replay extends BaseCommand {
  static override summary = 'Replay rows into a topic at a set pace.'
  static override description = [
    'Reads files, or the simulator where none is named, and sends their rows to data_raw: 1000 a second unless told',
    'otherwise. All rows of an orbit go to one partition, and an end mark to each when the source ends. Ctrl-C stops at',
    'a row that is recorded in the log, and --resume goes on behind it, without a row lost or doubled.',
  ].join(' ')
  static override examples = [
    { description: 'The simulated detector, 1000 rows a second', command: '<%= config.bin %> <%= command.id %>' },
    '<%= config.bin %> <%= command.id %> data_*.txt --rate 5k/s',
    '<%= config.bin %> <%= command.id %> data_000000.txt --speed 2x',
    "<%= config.bin %> <%= command.id %> 'sim:?seed=7&rows=1000000' --rate max --format lines",
  ]
  static override args = {
    sources: Args.string({
      description: 'files, folders, globs or URIs of rows; the simulator (sim:) where none is given',
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    from: Flags.string({ multiple: true, helpValue: 'URI', description: 'a source of rows, as the arguments are' }),
    to: Flags.string({ default: `topic:${RAW_TOPIC.name}`, helpValue: 'URI', description: 'topic that gets the rows' }),
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
    run: runFlag,
    progress: Flags.boolean({ default: true, allowNo: true, description: 'show progress on standard error' }),
  }

  async run(): Promise<Summary> {
    const { args, flags } = await this.parse(Replay)
    const topic = topicOfUri(flags.to)
    const run = await readRun(flags.run)
    const sources = [...(args.sources ?? []), ...(flags.from ?? [])]
    const uris = sources.length > 0 ? sources : ['sim:']
    const [{ openSources }, { replay }, { ratePacer }, { speedPacer }, { progressKey }] = await Promise.all([
      import('../sources/registry.js'),
      import('../replay/replay.js'),
      import('../replay/pacer.js'),
      import('../replay/speed-pacer.js'),
      import('../replay/replay-progress.js'),
    ])
    const parts = await openSources(uris, { run })
    const log = await this.openLog()
    const { partitions } = await ensureTopic(log, topic)
    const key = progressKey(topic, uris)
    const from = flags.resume ? ((await log.progress(key)) as ReplayProgress | undefined) : undefined
    const wanted = flags.speed === undefined ? (flags.rate ?? DEFAULT_RATE) : undefined
    const limit = flags.limit ?? Number.POSITIVE_INFINITY
    const total = totalRows(limit, parts.length === 1 && uris[0].startsWith('sim:') ? parts[0].size : undefined)
    const progress = await createProgress({
      label: 'replay',
      shown: flags.progress && !this.jsonEnabled(),
      ...(total === undefined ? {} : { total }),
      ...(wanted === undefined ? {} : { wanted }),
      ...(from ? { from: from.rows } : {}),
    })
    this.atEnd(() => progress.stop())
    if (flags.resume)
      progress.note(from ? `goes on after ${plural(from.rows, 'row')}` : 'nothing to resume: starts at the beginning')
    const stop = this.stopSignal()
    const startMs = performance.now()
    const end = await replay({
      log,
      topic,
      partitions,
      parts,
      run,
      format: flags.format,
      pacer: wanted === undefined ? speedPacer(flags.speed ?? 1, startMs) : ratePacer(wanted, startMs),
      ...(flags.batch === undefined ? {} : { batch: flags.batch }),
      limit,
      loop: flags.loop,
      progressKey: key,
      ...(from ? { from } : {}),
      signal: stop.signal,
      now: () => performance.now(),
      onProgress: ({ rows }) => progress.update(rows),
    })
    progress.stop()
    const seconds = (performance.now() - startMs) / 1000
    const rate = (end.rows - (from?.rows ?? 0)) / seconds
    this.logToStderr(sentence(end, topic, seconds, rate, parts[end.position.part]?.name))
    if (end.rows === 0 && end.malformed === 0 && end.done)
      throw new ExpectedError(
        `no rows in ${uris.join(' ')}`,
        ['check that the files hold rows of the detector'],
        EXIT.failure,
      )
    return { ...end, topic, seconds, rate }
  }
}

function totalRows(limit: number, size: number | undefined): number | undefined {
  const total = Math.min(limit, size ?? Number.POSITIVE_INFINITY)
  return Number.isFinite(total) ? total : undefined
}

function sentence(end: ReplayProgress, topic: string, seconds: number, rate: number, part?: string): string {
  const unreadable = end.malformed > 0 ? `, ${formatCount(end.malformed)} records that cannot be read` : ''
  const sent = `${plural(end.rows, 'row')}${unreadable} sent to ${topic} in ${formatTime(seconds * 1000)} (${formatRate(rate)})`
  if (end.done) return `${sent}; the source has ended`
  return `${sent}; stopped at ${part} ${end.position.at}, --resume goes on there`
}
