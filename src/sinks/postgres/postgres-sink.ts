import type { Client, ClientConfig } from 'pg'
import type { Result } from '../../core/results/result.js'
import { ExpectedError, isTransient, TransientError } from '../../errors.js'
import type { Sink } from '../sink.js'
import { postgresFailure } from './failure.js'
import { digestOf, keyOf, rowOf } from './row.js'
import { digestStatement, insertStatement, makeReady, type Table } from './table.js'

/**
 * Results in a table, each in a transaction of its own. A result of a lane and number that are there already is left as it is: it is
 * the same, count for count, or somebody else's, and then it is refused.
 */
export class PostgresSink implements Sink {
  readonly durable = 'write'
  readonly idempotent = true
  private client: Client | undefined

  constructor(
    readonly name: string,
    private readonly connection: ClientConfig,
    private readonly table: Table,
    private readonly group: string,
  ) {}

  /** @throws ExpectedError where results cannot be written there */
  open(): Promise<void> {
    return this.guarded(async (client) => makeReady(client, this.table))
  }

  write(result: Result): Promise<void> {
    return this.guarded(async (client) => {
      const row = rowOf(result, this.group)
      const { rowCount } = await client.query(insertStatement(this.table), row)
      if (rowCount === 0) await this.checkSame(client, result, row)
    })
  }

  async close(): Promise<void> {
    const { client } = this
    this.client = undefined
    await client?.end()
  }

  async abort(): Promise<void> {
    // ends it at once where a statement is under way
    await this.close().catch(() => undefined)
  }

  private async checkSame(client: Client, result: Result, row: readonly unknown[]): Promise<void> {
    const { rows } = await client.query<{ digest: string }>(digestStatement(this.table), keyOf(row))
    const [found] = rows
    if (!found) throw new TransientError(`cannot write ${this.name}: somebody removes rows of ${this.table.name}`)
    if (found.digest === digestOf(result)) return
    const [group, topic, partition, number] = keyOf(row)
    throw new ExpectedError(
      `${this.name}: the table ${this.table.name} has another result ${number} of group ${group}, ${topic}/${partition}, from another analysis`,
      ['name another table: ?table=NAME', 'or another group: --group NAME'],
    )
  }

  /** A connection that has failed is left, and the next step makes another. */
  private async guarded(step: (client: Client) => Promise<void>): Promise<void> {
    try {
      this.client ??= await this.connect()
      await step(this.client)
    } catch (error) {
      const failure = postgresFailure(this.name, error)
      if (isTransient(failure)) await this.abort()
      throw failure
    }
  }

  private async connect(): Promise<Client> {
    const { default: pg } = await import('pg')
    const client = new pg.Client(this.connection)
    // one that is lost while nothing is asked of it is made again by the next step
    client.on('error', () => {
      if (this.client === client) this.client = undefined
    })
    await client.connect()
    return client
  }
}
