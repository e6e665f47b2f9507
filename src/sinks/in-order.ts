/**
 * Runs steps one after another in the order of the calls, so that writes which are not awaited keep their order. Once
 * a step has failed, every later one fails likewise: nothing is written behind a gap.
 */
export class InOrder {
  private last: Promise<unknown> = Promise.resolve()

  run<T>(step: () => Promise<T>): Promise<T> {
    const next = this.last.then(step)
    this.last = next
    // whoever called is told by `next`; this only keeps a rejection that nobody follows from ending the process
    next.catch(() => {})
    return next
  }

  /** Resolves when nothing is running any more, also after a failure. */
  async settled(): Promise<void> {
    await this.last.catch(() => {})
  }
}
