import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { readRun } from '../cli/read-run.js'
import type { RunFile as Run } from '../core/run-file/run-file.js'

export default class RunFile extends BaseCommand {
  static override summary = 'Print the default run file, or check one and print it with its digest.'
  static override description = [
    'A run file says how the detector of one run is built, read out and histogrammed; the default one is a good start',
    'for your own. The digest is of everything but the name and the limits of health: results are only ever added to results with the same digest.',
  ].join(' ')
  static override examples = [
    { description: 'Start a run file of your own', command: '<%= config.bin %> <%= command.id %> > run.yaml' },
    { description: 'Check it', command: '<%= config.bin %> <%= command.id %> run.yaml' },
    {
      description: 'Its digest alone',
      command: "<%= config.bin %> <%= command.id %> run.yaml --json | jq -r '.geometry'",
    },
  ]
  static override args = {
    file: Args.string({ description: 'run file to check; the built-in default without it', ignoreStdin: true }),
  }
  static override baseFlags = { ...BaseCommand.baseFlags, log: { ...BaseCommand.baseFlags.log, hidden: true } }

  async run(): Promise<{ geometry: string; run: Run }> {
    const { args } = await this.parse(RunFile)
    const run = await readRun(args.file)
    const [{ formatRunFile }, { geometryDigest }] = await Promise.all([
      import('../core/run-file/format-run-file.js'),
      import('../core/run-file/geometry-digest.js'),
    ])
    const geometry = geometryDigest(run)
    this.log(`# digest: ${geometry}${args.file ? `, of ${args.file}` : ', the built-in default'}`)
    this.log(formatRunFile(run).trimEnd())
    return { geometry, run }
  }
}
