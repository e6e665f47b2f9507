import { BaseCommand } from '../../cli/base-command.js'
import { jobsTable } from '../../cli/jobs-table.js'
import type { JobFacts } from '../../spark/jobs/job-facts.js'

export default class JobsList extends BaseCommand {
  static override summary = 'List the jobs on Spark that were started here.'
  static override description =
    'Asks the Spark of each job how it is. A job that has ended without being stopped can be attached to, which starts it again from its checkpoint.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<JobFacts[]> {
    await this.parse(JobsList)
    const [{ JobBook }, { jobsFolder }, { jobFacts }] = await Promise.all([
      import('../../spark/jobs/job-book.js'),
      import('../../spark/jobs/jobs-folder.js'),
      import('../../spark/jobs/job-facts.js'),
    ])
    const jobs = await Promise.all(new JobBook(jobsFolder()).entries().map(jobFacts))
    this.log(jobs.length > 0 ? jobsTable(jobs) : 'no jobs')
    return jobs
  }
}
