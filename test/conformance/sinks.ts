import { describe, it } from 'vitest'
import { type SinkPlace, sinkConformance as suite } from '../../src/conformance/sinks.js'

export type { SinkPlace }

export function sinkConformance(scheme: string, place: () => Promise<SinkPlace>): void {
  suite(scheme, place, { describe, it })
}
