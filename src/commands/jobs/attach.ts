import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { RateMeter } from '../../cli/rate-meter.js'
import { jobInWords } from '../../cli/spark-words.js'
import { createStatusLine } from '../../cli/status-line.js'
import type { JobStatus } from '../../spark/jobs/job-status.js'

export default class JobsAttach extends BaseCommand {
  static override summary = 'Follow a job on Spark that was started here.'
  static override description = [
    'Shows how it goes until Ctrl-C, which leaves it to itself again. A job that no longer runs, because its server or',
    'dtstream was lost, is started again from its checkpoint first; nothing is counted twice.',
  ].join(' ')
  static override examples = ['<%= config.bin %> <%= command.id %> dtstream']
  static override args = { name: Args.string({ description: 'job to follow: its group', required: true }) }
  static override flags = {
    progress: Flags.boolean({ default: true, allowNo: true, description: 'show a status line on standard error' }),
  }

  async run(): Promise<JobStatus> {
    const { args, flags } = await this.parse(JobsAttach)
    const { attachJob } = await import('../../spark/jobs/attach-job.js')
    const meter = new RateMeter()
    let words = `${args.name} is being looked for`
    const line = createStatusLine({ shown: flags.progress && !this.jsonEnabled(), format: () => words })
    this.atEnd(() => line.stop())
    this.notices.show = (text) => line.note(text)
    const stop = this.stopSignal(() => line.note(`${args.name} goes on: dtstream jobs stop ${args.name} ends it`))
    return attachJob(args.name, {
      openLog: () => this.openLog(),
      signal: stop.signal,
      onNotice: (text) => this.notices.tell(text),
      onStatus: (now) => {
        meter.add(now.read, performance.now())
        words = jobInWords(now, meter.rate)
      },
    })
  }
}
