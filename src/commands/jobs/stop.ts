import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'

export default class JobsStop extends BaseCommand {
  static override summary = 'Stop a job on Spark that was started here.'
  static override description = [
    'Ends its queries, and the server where it was started for the job. Its checkpoint stays: process with the same',
    '--group goes on from there.',
  ].join(' ')
  static override examples = ['<%= config.bin %> <%= command.id %> dtstream']
  static override args = { name: Args.string({ description: 'job to stop: its group', required: true }) }

  async run(): Promise<{ stopped: string }> {
    const { args } = await this.parse(JobsStop)
    const { stopJob } = await import('../../spark/jobs/stop-job.js')
    await stopJob(args.name, this.stopSignal().signal)
    this.log(`stopped ${args.name}`)
    return { stopped: args.name }
  }
}
