import { Flags } from '@oclif/core'
import type { LaneAudit, Audit as Verdict } from '../audit/audit.js'
import { BaseCommand } from '../cli/base-command.js'
import { countFlag } from '../cli/flags.js'
import { formatCount, plural } from '../cli/numbers.js'
import { createProgress } from '../cli/progress.js'
import { readRun } from '../cli/read-run.js'
import { runFlag } from '../cli/run-flag.js'
import { topicOfUri } from '../cli/topic-uri.js'
import { EXIT, ExpectedError } from '../errors.js'
import { CLEAN_TOPIC, RAW_TOPIC } from '../log/default-topics.js'
import { DEFAULT_GRACE_ORBITS, LARGEST_GRACE_ORBITS } from '../process/fold-settings.js'

export default class Audit extends BaseCommand {
  static override summary = 'Prove that the results add up to the rows, or list where they do not.'
  static override description = [
    'Folds the rows of the raw topic again, in one go and without regard to workers, crashes and restarts, and compares',
    'every result on data_clean with what it should be, count for count. Looks for gaps and overlaps in the chains of',
    'results too. Exit code 0 where all is exact, 1 where anything differs.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --raw topic:data_raw --clean topic:data_clean --group dtstream --json',
  ]
  static override flags = {
    raw: Flags.string({ default: `topic:${RAW_TOPIC.name}`, helpValue: 'URI', description: 'topic of the rows' }),
    clean: Flags.string({
      default: `topic:${CLEAN_TOPIC.name}`,
      helpValue: 'URI',
      description: 'topic of the results',
    }),
    group: Flags.string({ default: 'dtstream', description: 'group whose results are audited' }),
    grace: countFlag({
      min: 1,
      max: LARGEST_GRACE_ORBITS,
      default: DEFAULT_GRACE_ORBITS,
      description: 'the grace that the results were made with, in orbits',
    }),
    run: runFlag,
    progress: Flags.boolean({ default: true, allowNo: true, description: 'show progress on standard error' }),
  }

  async run(): Promise<Verdict> {
    const { flags } = await this.parse(Audit)
    const log = await this.openLog()
    const raw = await log.topic(topicOfUri(flags.raw))
    if (!raw)
      throw new ExpectedError(`there is no topic ${topicOfUri(flags.raw)}`, [
        'dtstream topics list shows what there is',
      ])
    const run = await readRun(flags.run)
    const [{ audit }, { geometryDigest }, { readResults }] = await Promise.all([
      import('../audit/audit.js'),
      import('../core/run-file/geometry-digest.js'),
      import('../sources/results/read-results.js'),
    ])
    const progress = await createProgress({ label: 'audit', shown: flags.progress && !this.jsonEnabled() })
    this.atEnd(() => progress.stop())
    const stop = this.stopSignal()
    const verdict = await audit({
      log,
      raw,
      group: flags.group,
      results: readResults([`topic:${topicOfUri(flags.clean)}`], {
        log: async () => log,
        onForeign: ({ where, reason }) => progress.note(`passed over, no result: ${where}: ${reason}`),
      }),
      settings: { run, geometry: geometryDigest(run), grace: flags.grace, orbitDetail: true },
      signal: stop.signal,
      onProgress: (rows) => progress.update(rows),
    })
    progress.stop()
    if (verdict.results === 0)
      throw new ExpectedError(`there are no results of the group '${flags.group}' for ${raw.name}`, [
        'dtstream process makes them; --group names another group',
      ])
    for (const line of inWords(verdict)) this.log(line)
    if (verdict.verdict !== 'exact') process.exitCode = EXIT.failure
    return verdict
  }
}

function inWords(verdict: Verdict): string[] {
  const { results, rows, late, pending, lanes } = verdict
  return [
    ...lanes.flatMap(laneInWords),
    `${verdict.verdict}: ${plural(results, 'result')} of ${plural(lanes.length, 'lane')}, ${plural(rows, 'row')}`,
    ...(late > 0 ? [`${formatCount(late)} of them late: counted in results 1 to 3, not in 4 to 6`] : []),
    ...(pending > 0 ? [`${plural(pending, 'message')} not processed yet`] : []),
  ]
}

function laneInWords({ partition, breaks, differences, moreDifferences }: LaneAudit): string[] {
  return [
    ...breaks.map(
      ({ kind, from, to, msg_ID }) => `lane ${partition}: ${kind} at result ${msg_ID}: offsets ${from} to ${to}`,
    ),
    ...differences.map(
      ({ msg_ID, field, expected, found }) =>
        `lane ${partition}: result ${msg_ID}: ${field} is ${found}, should be ${expected}`,
    ),
    ...(moreDifferences > 0 ? [`lane ${partition}: ${plural(moreDifferences, 'more difference')}`] : []),
  ]
}
