import { randomUUID } from 'node:crypto'
import { Channel } from './channel.js'
import type { Endpoint } from './endpoint.js'
import type { ActiveQuery, Command, KeyValue, Plan, PlanResponse, QueryId, Relation, StreamStart } from './messages.js'
import { rowsOf, type SparkRow } from './rows.js'
import { StreamingQuery } from './streaming-query.js'

/** What a session is found again by. Plain JSON. */
export interface SessionIdentity {
  sessionId: string
  /** what the server calls it: a session that a restarted server makes anew under our id is told apart by it */
  serverSessionId?: string
}

/**
 * A session of a Spark Connect server: conf, views and streaming queries belong to it. It is made by its first call, and
 * lives on after close(), until release(), the server's end, or an hour without queries and calls.
 * Every method throws a SparkError.
 */
export class SparkSession {
  readonly sessionId: string
  private serverSessionId: string | undefined
  private readonly channel: Channel
  private readonly user: { userId: string; userName: string }

  /** @param identity of the session to take up again; a new one without it */
  constructor(
    readonly endpoint: Endpoint,
    identity: SessionIdentity = { sessionId: randomUUID() },
  ) {
    this.sessionId = identity.sessionId
    this.serverSessionId = identity.serverSessionId
    this.user = { userId: endpoint.userId, userName: endpoint.userId }
    this.channel = new Channel(endpoint)
  }

  /** By which another process can take it up; whole after the first call. */
  get identity(): SessionIdentity {
    const { sessionId, serverSessionId } = this
    return serverSessionId === undefined ? { sessionId } : { sessionId, serverSessionId }
  }

  /** Of Spark, as `4.0.0`. */
  async version(): Promise<string> {
    const { sparkVersion } = await this.call<{ sparkVersion: { version: string } }>('AnalyzePlan', { sparkVersion: {} })
    return sparkVersion.version
  }

  async setConf(pairs: Readonly<Record<string, string>>): Promise<void> {
    const set = { pairs: Object.entries(pairs).map(([key, value]) => ({ key, value })) }
    await this.call('Config', { operation: { set } })
  }

  /** Values of the session's conf; undefined where a key has none. */
  async getConf(keys: readonly string[]): Promise<Record<string, string | undefined>> {
    const { pairs = [] } = await this.call<{ pairs?: KeyValue[] }>('Config', { operation: { getOption: { keys } } })
    return Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
  }

  /** Names a relation for queries of this session; one of the same name is replaced. */
  async createView(name: string, input: Relation): Promise<void> {
    await this.run({ createDataframeView: { name, input, replace: true, isGlobal: false } })
  }

  /** Rows of a relation as they come, however long it takes; who stops reading ends it. */
  async *rows(root: Relation): AsyncGenerator<SparkRow> {
    for await (const { arrowBatch } of this.execute({ root }, 'query')) if (arrowBatch) yield* rowsOf(arrowBatch.data)
  }

  /** All rows of a relation: for few. */
  async collect(root: Relation): Promise<SparkRow[]> {
    const collected: SparkRow[] = []
    for await (const row of this.rows(root)) collected.push(row)
    return collected
  }

  async startStream(start: StreamStart): Promise<StreamingQuery> {
    const answers = await this.run({ writeStreamOperationStart: start })
    const started = answers.find((answer) => answer.writeStreamOperationStartResult)?.writeStreamOperationStartResult
    if (!started) throw new Error('Spark did not say which query it started')
    return this.query(started.queryId)
  }

  /** A query of this session that was started before. */
  query(id: QueryId): StreamingQuery {
    return new StreamingQuery((command) => this.run(command), id)
  }

  /** Those that run. */
  async activeQueries(): Promise<ActiveQuery[]> {
    const answers = await this.run({ streamingQueryManagerCommand: { active: true } })
    const active = answers.flatMap((answer) => answer.streamingQueryManagerCommandResult?.active?.activeQueries ?? [])
    return active.map(({ id, name = '' }) => ({ ...id, name }))
  }

  /** Does a command, and gives Spark's answers. */
  async run(command: Command): Promise<PlanResponse[]> {
    const answers: PlanResponse[] = []
    for await (const answer of this.execute({ command }, 'command')) answers.push(answer)
    return answers
  }

  /** Ends the session, and with it its queries. */
  async release(): Promise<void> {
    await this.channel.call('ReleaseSession', this.request({}))
  }

  /** Ends the connection; the session lives on. */
  close(): void {
    this.channel.close()
  }

  private async *execute(plan: Plan, kind: 'query' | 'command'): AsyncGenerator<PlanResponse> {
    for await (const answer of this.channel.execute<PlanResponse>(this.observing({ plan }), kind)) {
      this.observe(answer)
      yield answer
    }
  }

  private async call<Answer>(method: 'AnalyzePlan' | 'Config', of: object): Promise<Answer> {
    const answer = await this.channel.call<Answer & PlanResponse>(method, this.observing(of))
    this.observe(answer)
    return answer
  }

  private request(of: object): object {
    return { sessionId: this.sessionId, userContext: this.user, clientType: 'dtstream', ...of }
  }

  /** A request that the server refuses where its session is another than that of former answers. */
  private observing(of: object): object {
    const known = this.serverSessionId ? { clientObservedServerSideSessionId: this.serverSessionId } : {}
    return this.request({ ...known, ...of })
  }

  private observe({ serverSideSessionId }: PlanResponse): void {
    this.serverSessionId ??= serverSideSessionId
  }
}
