import { Flags } from '@oclif/core'
import type { Audit as Verdict } from '../audit/audit.js'
import { BaseCommand } from '../cli/base-command.js'
import { countFlag } from '../cli/flags.js'
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
    raw: Flags.string({ default: `topic:${RAW_TOPIC.name}`, helpValue: 'TOPIC', description: 'topic of the rows' }),
    clean: Flags.string({
      default: `topic:${CLEAN_TOPIC.name}`,
      helpValue: 'TOPIC',
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

  async run(): Promise<Verdict | undefined> {
    const { flags } = await this.parse(Audit)
    const [raw, clean] = [topicOfUri(flags.raw), topicOfUri(flags.clean)]
    const run = await readRun(flags.run)
    const [{ audit }, { geometryDigest }, { readResults }] = await Promise.all([
      import('../audit/audit.js'),
      import('../core/run-file/geometry-digest.js'),
      import('../sources/results/read-results.js'),
    ])
    const { signal } = this.stopSignal()
    const log = await this.openLog()
    const progress = await createProgress({ label: 'audit', shown: flags.progress && !this.jsonEnabled() })
    this.atEnd(() => progress.stop())
    const verdict = await audit({
      log,
      raw,
      clean,
      group: flags.group,
      results: readResults([`topic:${clean}`], {
        log: async () => log,
        onForeign: ({ where, reason }) => progress.note(`passed over, no result: ${where}: ${reason}`),
      }),
      settings: { run, geometry: geometryDigest(run), grace: flags.grace, orbitDetail: true },
      signal,
      onProgress: (rows) => progress.update(rows),
    })
    progress.stop()
    if (!verdict) this.logToStderr('interrupted: there is no verdict')
    else await this.conclude(verdict, `of the group '${flags.group}' for ${raw}`)
    return verdict
  }

  private async conclude(verdict: Verdict, whose: string): Promise<void> {
    const { results, unchecked } = verdict
    if (results === 0)
      throw new ExpectedError(`there are no results ${whose}`, [
        'dtstream process makes them; --group names another group',
      ])
    if (unchecked === results && verdict.verdict === 'exact')
      throw new ExpectedError(`no result ${whose} can be computed again: retention has deleted the rows`, [
        'keep more: create the topic with a larger retention',
      ])
    const { auditInWords } = await import('../audit/words.js')
    for (const line of auditInWords(verdict)) this.log(line)
    if (verdict.verdict !== 'exact') process.exitCode = EXIT.failure
  }
}
