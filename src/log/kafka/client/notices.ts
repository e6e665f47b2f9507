interface Waiting {
  /** who waits for it */
  count: number
  /** why, as far as it was said */
  readonly reasons: Set<string>
}

/** Says what is waited for, and why: once, however many wait for the same. */
export class Notices {
  private readonly waiting = new Map<string, Waiting>()

  constructor(private readonly onNotice: (text: string) => void) {}

  /** One more waits. @param what as it follows "to": `read the offsets of group dtstream` */
  begin(what: string): void {
    const waiting = this.waiting.get(what) ?? { count: 0, reasons: new Set() }
    waiting.count++
    this.waiting.set(what, waiting)
  }

  because(what: string, reason: string): void {
    const reasons = this.waiting.get(what)?.reasons
    if (!reasons || reasons.has(reason)) return
    reasons.add(reason)
    this.onNotice(`waiting for Kafka, to ${what}: ${reason}`)
  }

  /** One waits no longer; the last one of them tells whether it was done. */
  end(what: string, isDone: boolean): void {
    const waiting = this.waiting.get(what)
    if (!waiting || --waiting.count > 0) return
    this.waiting.delete(what)
    if (isDone && waiting.reasons.size > 0) this.onNotice(`Kafka answers again: can ${what}`)
  }
}
