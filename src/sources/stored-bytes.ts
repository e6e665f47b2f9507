import type { SourcePosition } from './read-parts.js'
import type { SourcePart } from './source.js'

/** Bytes of all parts as they are stored; undefined where one is not stored in bytes, or nobody knows how many. */
export function storedBytes(parts: readonly SourcePart[]): number | undefined {
  const total = parts.reduce((sum, { stored }) => sum + (stored?.size ?? Number.NaN), 0)
  return Number.isNaN(total) ? undefined : total
}

/** How many of these come before a position that has been read. */
export function storedBefore(parts: readonly SourcePart[], { part, at }: SourcePosition): number {
  const before = parts.slice(0, part).reduce((sum, { stored }) => sum + (stored?.size ?? 0), 0)
  return before + (parts[part]?.stored?.readTo(at) ?? 0)
}
