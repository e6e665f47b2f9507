import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../../../src/core/results/result.js'
import type { Cli } from '../../support/built-cli.js'
import { Actor } from './kafka-cli.js'

/** `dtstream watch` at work, and when it showed that a lane had come further: so finely as it prints, once a second. */
export class FlowWatch {
  readonly actor: Actor
  private readonly lanes = new Map<number, { to: number; grownAt: number[] }>()
  private text = ''

  constructor(cli: Cli) {
    this.actor = new Actor(cli, ['watch', '--json'], (text) => this.take(text))
  }

  /** Until all of so many lanes flow. */
  async untilAll(lanes: number, withinMs = 60_000): Promise<void> {
    await this.until(() => this.lanes.size === lanes, withinMs)
  }

  /** Until each lane has come further at some time after that one of `performance.now()`. */
  async untilFlowing(since: number, withinMs: number): Promise<void> {
    await this.until(() => this.stuckSince(since).length === 0, withinMs)
  }

  /** Lanes that have not come further since then. */
  stuckSince(since: number): number[] {
    return [...this.lanes].flatMap(([lane, { grownAt }]) => ((grownAt.at(-1) ?? 0) > since ? [] : [lane]))
  }

  /** Lanes that have come further since then. */
  lanesFlowing(since: number): number[] {
    const stuck = this.stuckSince(since)
    return [...this.lanes.keys()].filter((lane) => !stuck.includes(lane))
  }

  /** How long any one lane did not come further, of pauses that were over between these times; ms. */
  longestPauseMs(from: number, to: number): number {
    let longest = 0
    for (const { grownAt } of this.lanes.values())
      for (const [i, at] of grownAt.entries())
        if (i > 0 && at > from && at <= to) longest = Math.max(longest, at - grownAt[i - 1])
    return Math.round(longest)
  }

  private async until(isSo: () => boolean, withinMs: number): Promise<void> {
    for (const end = performance.now() + withinMs; !isSo() && performance.now() < end; ) await sleep(50)
  }

  private take(text: string): void {
    this.text += text
    const lines = this.text.split('\n')
    this.text = lines.pop() ?? ''
    for (const line of lines) this.add(JSON.parse(line) as Result)
  }

  private add({ source }: Result): void {
    const now = performance.now()
    for (const range of source) {
      if (!('partition' in range)) continue
      const { partition, to } = range
      const lane = this.lanes.get(partition)
      if (!lane) this.lanes.set(partition, { to, grownAt: [now] })
      else if (to > lane.to) {
        lane.to = to
        lane.grownAt.push(now)
      }
    }
  }
}
