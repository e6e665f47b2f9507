import { isDeepStrictEqual } from 'node:util'
import type { Timing } from './processes.js'

/** Throws, naming what differs, unless each competitor came to the same outcome in every round. */
export function demandAgreement(timings: ReadonlyMap<string, Timing[]>): void {
  const [[reference, [first]]] = timings
  const outcome = first.check as Record<string, unknown>
  for (const [name, rounds] of timings) {
    for (const { check } of rounds) {
      const differing = differences(outcome, check as Record<string, unknown>)
      if (differing.length > 0) throw new Error(`${name} does not agree with ${reference}: ${differing.join(', ')}`)
    }
  }
}

function differences(a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  return Object.keys({ ...a, ...b }).filter((key) => !isDeepStrictEqual(a[key], b[key]))
}
