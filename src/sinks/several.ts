import type { Result } from '../core/results/result.js'
import type { Sink } from './sink.js'

/** Writes to all sinks at once; resolves when the slowest has it. The first failure is thrown when all are through. */
export async function writeAll(sinks: readonly Sink[], result: Result): Promise<void> {
  const outcomes = await Promise.allSettled(sinks.map((sink) => sink.write(result)))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}

/** Closes all sinks; where one fails, those not yet closed are given up. */
export async function closeAll(sinks: readonly Sink[]): Promise<void> {
  for (const [i, sink] of sinks.entries()) {
    try {
      await sink.close()
    } catch (error) {
      await abortAll(sinks.slice(i))
      throw error
    }
  }
}

/** Gives all sinks up; none of them keeps the others from it. */
export async function abortAll(sinks: readonly Sink[]): Promise<void> {
  await Promise.allSettled(sinks.map((sink) => sink.abort()))
}
