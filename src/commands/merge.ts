import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { formatCount, plural } from '../cli/numbers.js'
import { pluginFlag } from '../cli/plugin-flag.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import { s3Flags } from '../cli/s3-flags.js'
import { outcomesInWords } from '../cli/sink-outcomes.js'
import type { Gap } from '../core/results/chains.js'
import { CLEAN_TOPIC } from '../log/default-topics.js'
import type { OpenedSink } from '../sinks/policy/guarded-sink.js'
import type { Foreign } from '../sources/results/foreign.js'
import type { SummedResults } from '../sources/results/sum-results.js'
import { parseUri } from '../uri.js'

/** Foreign messages and gaps that are told of one by one. */
const MOST_TOLD = 5

interface Summary {
  /** results that were added */
  results: number
  /** left out, because the rows they count are in the sum already */
  repeated: number
  gaps: Gap[]
  /** messages or lines that are no results */
  foreign: number
  /** of Spark jobs: hits that were read, less those in windows */
  hitsInNoWindow?: number
}

export default class Merge extends BaseCommand {
  static override summary = 'Add results into one.'
  static override description = [
    'Reads results from topics, files and buckets, adds them count for count, and writes the sum, which is a result itself. A',
    'result that repeats rows already counted is left out; a gap in the rows that results cover is told of, and so is',
    'whatever is no result. Results of different run files are never added.',
  ].join(' ')
  static override examples = [
    { description: 'What data_clean holds now, as one result', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: "A day's files into a table for pandas or polars",
      command: "<%= config.bin %> <%= command.id %> 'results/*.ndjson' --to day.arrow",
    },
    {
      description: 'As histograms for ROOT',
      command: "<%= config.bin %> <%= command.id %> 'results/*.ndjson' --to day.root.json",
    },
    {
      description: 'A topic and a file into another topic, without the list of orbits',
      command:
        '<%= config.bin %> <%= command.id %> --from topic:data_clean --from earlier.arrow --to topic:sums --orbit-detail none',
    },
  ]
  static override args = {
    sources: Args.string({ description: 'results to add, as --from', multiple: true, ignoreStdin: true }),
  }
  static override flags = {
    from: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'URI',
      description: `results to add: topic:NAME, a file, a folder, a glob or a bucket (.ndjson .jsonl .arrow .parquet); may be repeated; without any topic:${CLEAN_TOPIC.name}`,
    }),
    to: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      default: ['stdout:'],
      helpValue: 'URI',
      description:
        'where the sum goes: topic:NAME, a file or an object (.ndjson .jsonl .arrow .parquet .root.json .uhi.json), a folder or prefix (FOLDER/), stdout:, null:; may be repeated',
    }),
    'orbit-detail': Flags.option({ options: ['all', 'none'] as const })({
      default: 'all' as const,
      description: 'keep the list of active channels orbit by orbit, where all results have it',
    }),
    run: runFlag,
    plugin: pluginFlag,
    ...s3Flags,
  }

  /** With `stdout:` the sum is all that goes there, under `--json` too. */
  async run(): Promise<Summary | undefined> {
    const { args, flags } = await this.parse(Merge)
    const named = [...(flags.from ?? []), ...(args.sources ?? [])]
    const from = named.length > 0 ? named : [`topic:${CLEAN_TOPIC.name}`]
    const log = () => this.openLog()
    const several = await import('../sinks/several.js')
    const { signal } = this.stopSignal()
    const run = await readRun(flags.run)
    const sinks = await this.openSinks(flags.to, { group: 'merge', run, plugins: await this.plugins(flags.plugin) })
    const foreign = this.foreignTeller()
    try {
      const { sumResults } = await import('../sources/results/sum-results.js')
      const context = { log, s3: this.s3, onForeign: foreign.tell }
      const sum = await sumResults(from, context, {
        orbitDetail: flags['orbit-detail'] === 'all',
        worker: 'merge',
        signal,
      })
      if (!sum) {
        this.logToStderr('interrupted: nothing was written')
        return undefined
      }
      await several.writeAll(sinks, sum.result)
      await several.closeAll(sinks)
      return this.conclude(sum, foreign.count(), sinks)
    } finally {
      // what was closed stays
      await several.abortAll(sinks)
    }
  }

  private conclude(
    { added, repeated, gaps, hitsInNoWindow }: SummedResults,
    foreign: number,
    sinks: OpenedSink[],
  ): Summary | undefined {
    if (foreign > MOST_TOLD) this.warn(`${formatCount(foreign)} messages or lines in all are no results`)
    if (repeated > 0) this.warn(`${plural(repeated, 'result')} left out: the rows counted there are in the sum already`)
    for (const { source, from, to } of gaps.slice(0, MOST_TOLD)) {
      this.warn(`gap: no result covers ${source} from ${from} up to ${to}`)
    }
    if (gaps.length > MOST_TOLD) this.warn(`${formatCount(gaps.length)} gaps in all`)
    if (hitsInNoWindow) this.warn(hitsInWords(hitsInNoWindow))
    this.logToStderr([`${plural(added, 'result')} added`, ...outcomesInWords(sinks)].join(', '))
    if (sinks.some(({ name }) => parseUri(name).scheme === 'stdout')) return undefined
    return { results: added, repeated, gaps, foreign, ...(hitsInNoWindow === undefined ? {} : { hitsInNoWindow }) }
  }

  private foreignTeller(): { tell(foreign: Foreign): void; count(): number } {
    let count = 0
    return {
      count: () => count,
      tell: ({ where, reason, text }) => {
        count++
        if (count <= MOST_TOLD) this.warn(`${where} is no result: ${reason}${text ? `: ${text}` : ''}`)
      },
    }
  }
}

function hitsInWords(hitsInNoWindow: number): string {
  const hits = plural(Math.abs(hitsInNoWindow), 'hit')
  return hitsInNoWindow > 0
    ? `${hits} in no window yet: it is open, or had closed when they came; dtstream audit tells which`
    : `${hits} in windows are in no result of rows: results are missing, or two Spark jobs count the same rows`
}
