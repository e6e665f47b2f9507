import type { Result } from '../core/results/result.js'
import type { Log } from '../log/log.js'

/** How far results are behind the rows: messages of the raw topics that no result covers yet. */
export class Lag {
  private readonly positions = new Map<string, Map<number, number>>()

  constructor(private readonly log: Log) {}

  /** Takes note of what a result covers. */
  add({ source }: Result): void {
    for (const range of source) {
      if (!('partition' in range)) continue
      const partitions = this.positions.get(range.topic) ?? new Map<number, number>()
      partitions.set(range.partition, Math.max(range.to, partitions.get(range.partition) ?? 0))
      this.positions.set(range.topic, partitions)
    }
  }

  /** In messages; undefined where no topic is known. */
  async messages(): Promise<number | undefined> {
    let lag: number | undefined
    for (const [name, partitions] of this.positions) {
      const offsets = await this.log.offsets(name)
      if (!offsets) continue
      lag ??= 0
      offsets.forEach(({ start, end }, partition) => {
        lag = (lag ?? 0) + Math.max(0, end - Math.max(start, partitions.get(partition) ?? start))
      })
    }
    return lag
  }
}
