import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { compareCounts } from '../../../../src/core/results/compare.js'
import { parseResult } from '../../../../src/core/results/parse-result.js'
import type { Result } from '../../../../src/core/results/result.js'
import { ResultSum } from '../../../../src/core/results/result-sum.js'
import { sparkPartOf } from '../../../../src/core/results/worker-name.js'
import { KcatFollow } from '../../../kafka/support/kcat-follow.js'

/** Follows what a job sends to a topic, by a client that has nothing to do with ours. */
export class JobResults {
  readonly sum = new ResultSum()
  /** messages that came once more, with the same content */
  repeated = 0
  private readonly windows = new Map<number, Result>()
  private readonly values = new Map<string, string>()
  private readonly found: string[] = []
  private readonly follow: KcatFollow

  /** @param settings of librdkafka, by which the brokers are reached */
  constructor(bootstrap: string, topic: string, settings: readonly string[]) {
    this.follow = new KcatFollow(bootstrap, topic, 0, ({ value }) => this.take(value), [], settings)
  }

  /** Rows that results count. */
  get rows(): number {
    return this.sum.toResult('test')?.rows.read ?? 0
  }

  get windowCount(): number {
    return this.windows.size
  }

  /**
   * Until something is so of the results, as long as some come, however slowly.
   * @param check throws where waiting makes no sense any more
   */
  async until(isSo: () => boolean, check: () => void = () => undefined, silenceMs = 600_000): Promise<void> {
    let count = this.values.size
    for (let end = performance.now() + silenceMs; !isSo(); await sleep(50)) {
      this.follow.check()
      check()
      if (this.values.size > count) end = performance.now() + silenceMs
      count = this.values.size
      if (performance.now() > end)
        throw new Error(`no result came for ${silenceMs / 1000} s: ${this.rows} rows, ${this.windowCount} windows`)
    }
  }

  /** A sentence for each thing that is not as in the windows that should be there, and no others. */
  wrongOf(expected: readonly Result[]): string[] {
    const missing = expected.filter(({ msg_ID }) => !this.windows.has(msg_ID)).map(({ msg_ID }) => msg_ID)
    const numbers = new Set(expected.map(({ msg_ID }) => msg_ID))
    const more = [...this.windows.keys()].filter((number) => !numbers.has(number))
    return [
      ...this.found,
      ...(missing.length > 0 ? [`windows are missing: ${missing}`] : []),
      ...(more.length > 0 ? [`there are windows too many: ${more}`] : []),
      ...expected.flatMap((window) => this.wrongOfWindow(window)),
    ]
  }

  close(): Promise<void> {
    return this.follow.close()
  }

  private wrongOfWindow(expected: Result): string[] {
    const found = this.windows.get(expected.msg_ID)
    if (!found) return []
    const differences = compareCounts(expected, found).map(
      ({ field, expected, found }) => `${field} is ${found}, not ${expected}`,
    )
    const labels = (['source', 'orbits', 'worker', 'geometry'] as const).filter(
      (label) => !isDeepStrictEqual(found[label], expected[label]),
    )
    return [...differences, ...labels.map((label) => `${label} is ${JSON.stringify(found[label])}`)].map(
      (what) => `window ${expected.msg_ID}: ${what}`,
    )
  }

  private take(value: string): void {
    const result = parseResult(value)
    if (typeof result === 'string') {
      this.found.push(`a message is no result: ${result}`)
      return
    }
    const key = `${result.worker} ${JSON.stringify(result.source)}`
    const before = this.values.get(key)
    if (before !== undefined) {
      this.repeated++
      if (before !== value) this.found.push(`${key} came again with another content`)
      return
    }
    this.values.set(key, value)
    if (sparkPartOf(result) === 'windows') this.windows.set(result.msg_ID, result)
    this.sum.add(result)
  }
}
