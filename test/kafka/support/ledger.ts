import { setTimeout as sleep } from 'node:timers/promises'
import { parseResult } from '../../../src/core/results/parse-result.js'
import type { Result } from '../../../src/core/results/result.js'
import { ResultSum } from '../../../src/core/results/result-sum.js'
import { type Followed, KcatFollow } from './kcat-follow.js'
import { type ChainCounts, LaneChains } from './lane-chains.js'

export interface LedgerCounts extends ChainCounts {
  results: number
  /** messages that the reader was given again, at the same offset: that says nothing of the topic */
  seenAgain: number
  /** between two results, ms */
  longestPauseMs: number
}

/**
 * Reads data_clean by a client that has nothing to do with ours and shows only what is committed, while everything goes on, and
 * keeps account of it.
 */
export class Ledger {
  private readonly chains = new LaneChains()
  private readonly sum = new ResultSum()
  private readonly foreign: string[] = []
  private readonly follow: KcatFollow
  /** by offset */
  private readonly seen = new Map<number, string>()
  private seenAgain = 0
  private results = 0
  private lastAt: number | undefined
  private longestPauseMs = 0

  /** @param command what comes before the client's own on the command line, and becomes it */
  constructor(bootstrap: string, topic = 'data_clean', command: string[] = []) {
    this.follow = new KcatFollow(bootstrap, topic, 0, (message) => this.take(message), command)
  }

  get counts(): LedgerCounts {
    const { results, seenAgain, longestPauseMs } = this
    return { results, seenAgain, ...this.chains.counts, longestPauseMs: Math.round(longestPauseMs) }
  }

  /** One sentence for each thing that is wrong. */
  get wrong(): string[] {
    return [...this.chains.wrong, ...this.foreign]
  }

  /** All results added; undefined before the first one. */
  get total(): Result | undefined {
    return this.sum.toResult('ledger')
  }

  /** Until so many results have come. */
  untilResults(count: number, silenceMs = 60_000): Promise<void> {
    return this.until(
      () => this.results >= count,
      silenceMs,
      () => `${this.results} of ${count} results came`,
    )
  }

  /** Until results cover each lane up to here. @param ends by partition */
  untilCovered(ends: readonly number[], silenceMs = 120_000): Promise<void> {
    const left = () => ends.flatMap((end, lane) => (this.chains.coveredTo(lane) >= end ? [] : [{ lane, end }]))
    const words = () => left().map(({ lane, end }) => `lane ${lane} is at ${this.chains.coveredTo(lane)} of ${end}`)
    return this.until(
      () => left().length === 0,
      silenceMs,
      () => words().join(', '),
    )
  }

  close(): Promise<void> {
    return this.follow.close()
  }

  /** As long as results come, however slowly. */
  private async until(isSo: () => boolean, silenceMs: number, words: () => string): Promise<void> {
    let { results } = this
    for (let end = performance.now() + silenceMs; !isSo(); await sleep(50)) {
      this.follow.check()
      if (this.results > results) end = performance.now() + silenceMs
      results = this.results
      if (performance.now() > end) throw new Error(`no result came for ${silenceMs / 1000} s: ${words()}`)
    }
  }

  private take({ offset, value }: Followed): void {
    if (this.seen.get(offset) === value) {
      this.seenAgain++
      return
    }
    this.seen.set(offset, value)
    const now = performance.now()
    if (this.lastAt !== undefined) this.longestPauseMs = Math.max(this.longestPauseMs, now - this.lastAt)
    this.lastAt = now
    const result = parseResult(value)
    if (typeof result === 'string') {
      this.foreign.push(`the message at ${offset} is no result: ${result}`)
      return
    }
    this.results++
    this.chains.add(offset, result)
    this.sum.add(result)
  }
}
