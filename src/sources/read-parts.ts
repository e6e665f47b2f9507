import { setImmediate as nextTurn } from 'node:timers/promises'
import { createRowBuffer } from '../core/rows/row-buffer.js'
import type { SourceBlock, SourcePart } from './source.js'

/** How far a reader has come: in which part, and where in it. */
export interface SourcePosition {
  part: number
  at: number
}

export interface PartBlock extends SourceBlock {
  part: SourcePart
  partIndex: number
}

/** Reads part after part, from a position on. */
export async function* readParts(
  parts: readonly SourcePart[],
  from: SourcePosition = { part: 0, at: 0 },
): AsyncGenerator<PartBlock, void, void> {
  const rows = createRowBuffer()
  for (let partIndex = from.part; partIndex < parts.length; partIndex++) {
    const part = parts[partIndex]
    for await (const block of part.read(partIndex === from.part ? from.at : 0, rows)) {
      yield { ...block, part, partIndex }
      // a source that never waits, as the simulator, would keep signals and timers from their turn
      await nextTurn()
    }
  }
}
