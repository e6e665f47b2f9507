import { setTimeout as sleep } from 'node:timers/promises'
import type { AlarmRecord } from './alarm-record.js'
import type { AlarmOutlet } from './outlet.js'

/** Between two deliveries: a detector that fails in many cells at once shall not call anybody a hundred times. */
export const PACE_MS = 10_000
/** More wait for a delivery only as a number. */
export const MOST_WAITING = 1000
/** After so many failures in a row what waits is given up. */
const MOST_TRIES = 5
/** At the end a last delivery may take so long. */
const CLOSE_MS = 5000

export interface Delivery {
  records: readonly AlarmRecord[]
  /** events that are not among the records, because too many were waiting */
  omitted: number
}

export interface PacedOptions {
  /** Takes all events since the last delivery; throws where they could not be delivered. */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>
  /** told of a failure, once for each row of them */
  onNotice(sentence: string): void
  paceMs?: number
}

/**
 * Delivers events one batch after the other: the first at once, and what comes meanwhile together, at most once in
 * `paceMs`. What could not be delivered goes with the next batch.
 */
export class PacedOutlet implements AlarmOutlet {
  private waiting: AlarmRecord[] = []
  private omitted = 0
  private failures = 0
  private readonly stop = new AbortController()
  private readonly closing = new AbortController()
  private running: Promise<void> | undefined

  constructor(private readonly options: PacedOptions) {}

  tell(records: readonly AlarmRecord[]): void {
    const room = MOST_WAITING - this.waiting.length
    this.waiting.push(...records.slice(0, room))
    this.omitted += Math.max(0, records.length - room)
    this.running ??= this.run().finally(() => {
      this.running = undefined
    })
  }

  async close(): Promise<void> {
    this.closing.abort()
    const late = setTimeout(() => this.stop.abort(), CLOSE_MS)
    await this.running
    clearTimeout(late)
  }

  private async run(): Promise<void> {
    const { paceMs = PACE_MS } = this.options
    while (this.waiting.length > 0 && !this.stop.signal.aborted) {
      const isLast = this.closing.signal.aborted
      await this.deliver()
      if (isLast) return
      await sleep(paceMs, undefined, { signal: this.closing.signal }).catch(() => undefined)
    }
  }

  private async deliver(): Promise<void> {
    const delivery = { records: this.waiting, omitted: this.omitted }
    this.waiting = []
    this.omitted = 0
    try {
      await this.options.deliver(delivery, this.stop.signal)
      this.failures = 0
    } catch (error) {
      this.takeBack(delivery, error instanceof Error ? error.message : String(error))
    }
  }

  private takeBack({ records, omitted }: Delivery, reason: string): void {
    if (this.failures++ === 0) this.options.onNotice(`alarms could not be told: ${reason}; it is tried again`)
    if (this.failures < MOST_TRIES) {
      const kept = [...records, ...this.waiting].slice(0, MOST_WAITING)
      this.omitted += omitted + records.length + this.waiting.length - kept.length
      this.waiting = kept
      return
    }
    this.options.onNotice(`alarms could not be told ${MOST_TRIES} times, and ${records.length + omitted} are given up`)
    this.failures = 0
  }
}
