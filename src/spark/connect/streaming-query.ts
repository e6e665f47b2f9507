import { queryFailure, type SparkError } from './failures.js'
import type { Command, PlanResponse, QueryId, QueryRequest, QueryStatus } from './messages.js'
import { parseProgress, type QueryProgress } from './progress.js'

/** A streaming query of a session, running or ended. Every method throws a SparkError. */
export class StreamingQuery {
  constructor(
    private readonly run: (command: Command) => Promise<PlanResponse[]>,
    readonly queryId: QueryId,
  ) {}

  async status(): Promise<QueryStatus> {
    const { status = {} } = await this.ask({ status: true })
    return { statusMessage: '', isDataAvailable: false, isTriggerActive: false, isActive: false, ...status }
  }

  /** What Spark still has of its reports, oldest first: a hundred unless it is told otherwise. */
  async progress(): Promise<QueryProgress[]> {
    const { recentProgress } = await this.ask({ recentProgress: true })
    return (recentProgress?.recentProgressJson ?? []).map(parseProgress)
  }

  /** What ended it; nothing where it runs, or was stopped. */
  async exception(): Promise<SparkError | undefined> {
    const { exception = {} } = await this.ask({ exception: true })
    return queryFailure(exception)
  }

  /** Waits until it has ended. What it was at is done again from the checkpoint. */
  async stop(): Promise<void> {
    await this.ask({ stop: true })
  }

  private async ask(request: QueryRequest): Promise<NonNullable<PlanResponse['streamingQueryCommandResult']>> {
    const answers = await this.run({ streamingQueryCommand: { queryId: this.queryId, ...request } })
    return answers.find((answer) => answer.streamingQueryCommandResult)?.streamingQueryCommandResult ?? {}
  }
}
