import { describe, it } from 'vitest'
import { type SourceKind, sourceConformance as suite } from '../../src/conformance/sources.js'

export type { SourceKind }

export function sourceConformance(kind: SourceKind): void {
  suite(kind, { describe, it })
}
