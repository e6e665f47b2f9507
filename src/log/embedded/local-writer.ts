import type { Appender } from './appender.js'
import { type InputOf, OPERATIONS, type OperationName, type OutputOf, type Writer } from './operations.js'
import type { Store, Tree } from './store.js'

/** Writes in this thread. */
export class LocalWriter implements Writer {
  private readonly store: Store
  private readonly appender: Appender

  constructor(store: Store, appender: Appender) {
    this.store = store
    this.appender = appender
  }

  run<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    const operation = OPERATIONS[name] as (tree: Tree, appender: Appender, input: InputOf<Name>) => OutputOf<Name>
    return this.store.write((tree) => operation(tree, this.appender, input))
  }

  /** The store waits for what is under way when it is closed. */
  async close(): Promise<void> {}
}
