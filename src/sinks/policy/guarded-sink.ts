import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../../core/results/result.js'
import { ExpectedError, isTransient } from '../../errors.js'
import { InOrder } from '../in-order.js'
import type { Sink } from '../sink.js'
import { backoffMs } from './backoff.js'
import type { Policy } from './policy.js'

/** What became of the results that a sink was given. */
export interface SinkOutcomes {
  /** the sink's URI */
  name: string
  written: number
  /** writes that were tried again */
  retried: number
  /** results that another sink has instead */
  fallenBack: number
  dropped: number
}

/** A sink as the registry opens it; a topic has no outcomes of its own. */
export interface OpenedSink extends Sink {
  readonly outcomes?: SinkOutcomes
}

export interface Guard {
  policy: Policy
  /** open already, where the policy has one */
  fallback: Sink | undefined
  /** told when something happens for the first time */
  onNotice(sentence: string): void
  /** ms of a clock that only goes forward */
  now(): number
  random(): number
}

/** A sink that has failed after all retries is left alone so long; one try then decides. */
const REST_MS = 5000

/**
 * Writes to a sink, one result after another unless their order does not matter to it, and applies its policy to those that
 * it does not take. It holds no result but those whose writers wait: a sink that is slow or away slows them down.
 */
export class GuardedSink implements OpenedSink {
  readonly name: string
  readonly durable: Sink['durable']
  /** of the sink itself: a fallback may have a result as well, if its fate was unknown */
  readonly idempotent: boolean
  readonly outcomes: SinkOutcomes
  private readonly order = new InOrder()
  /** writes without an order */
  private readonly underWay = new Set<Promise<void>>()
  private readonly givenUp = new AbortController()
  private readonly told = new Set<string>()
  /** of the sink, where its last result was not taken for a reason that may pass */
  private outage: { reason: unknown; restUntil: number } | undefined

  constructor(
    private readonly sink: Sink,
    private readonly guard: Guard,
  ) {
    this.name = sink.name
    this.durable = sink.durable
    this.idempotent = sink.idempotent ?? false
    this.outcomes = { name: sink.name, written: 0, retried: 0, fallenBack: 0, dropped: 0 }
  }

  write(result: Result): Promise<void> {
    if (!this.sink.inAnyOrder) return this.order.run(() => this.deliver(result))
    const writing = this.deliver(result).finally(() => this.underWay.delete(writing))
    this.underWay.add(writing)
    // as InOrder: whoever called is told
    writing.catch(() => undefined)
    return writing
  }

  close(): Promise<void> {
    return this.order.run(async () => {
      await Promise.allSettled(this.underWay)
      await this.sink.close()
      await this.guard.fallback?.close()
    })
  }

  /** Does not wait for a write that is under way: the sink may be one that hangs. */
  async abort(): Promise<void> {
    this.givenUp.abort()
    await Promise.allSettled([this.sink.abort(), this.guard.fallback?.abort()])
  }

  private async deliver(result: Result): Promise<void> {
    const { outage, guard } = this
    if (outage && guard.now() < outage.restUntil) return this.giveElsewhere(result, outage.reason)
    try {
      await this.tryToWrite(result, outage ? 0 : guard.policy.retries)
      this.outage = undefined
      this.outcomes.written++
    } catch (error) {
      if (guard.policy.onFailure === 'retry' || this.givenUp.signal.aborted) throw error
      if (isTransient(error)) this.outage = { reason: error, restUntil: guard.now() + REST_MS }
      await this.giveElsewhere(result, error)
    }
  }

  private async tryToWrite(result: Result, retries: number): Promise<void> {
    const { signal } = this.givenUp
    for (let tries = 1; ; tries++) {
      try {
        if (signal.aborted) throw new ExpectedError(`${this.name} was given up`)
        return await this.sink.write(result)
      } catch (error) {
        if (!isTransient(error) || signal.aborted) throw error
        if (tries > retries) throw tries > 1 ? exhausted(error, tries) : error
        this.outcomes.retried++
        this.tellOnce('retried', `${reasonOf(error)}; it is tried again (retries=${retries})`)
        await sleep(backoffMs(tries, this.guard.random()), undefined, { signal }).catch(() => undefined)
      }
    }
  }

  private async giveElsewhere(result: Result, reason: unknown): Promise<void> {
    const { fallback } = this.guard
    if (fallback) {
      this.tellOnce('fallenBack', `${reasonOf(reason)}; what it does not take goes to ${fallback.name}`)
      await fallback.write(result)
      this.outcomes.fallenBack++
    } else {
      this.tellOnce('dropped', `${reasonOf(reason)}; what it does not take is dropped, and counted`)
      this.outcomes.dropped++
    }
  }

  private tellOnce(outcome: keyof SinkOutcomes, sentence: string): void {
    if (this.told.has(outcome)) return
    this.told.add(outcome)
    this.guard.onNotice(sentence)
  }
}

function exhausted(error: unknown, tries: number): ExpectedError {
  const suggestions = error instanceof ExpectedError ? error.suggestions : []
  const sentence = new ExpectedError(`${reasonOf(error)} (tried ${tries} times)`, [
    ...suggestions,
    'a larger retries=N in its URI tries for longer',
  ])
  // it still may pass
  return Object.assign(sentence, { transient: true, cause: error })
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
