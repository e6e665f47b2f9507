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

/**
 * Reads part after part, from a position on.
 * @param signal where it has aborted, a read that fails has been given up, and is the end
 */
export async function* readParts(
  parts: readonly SourcePart[],
  from: SourcePosition = { part: 0, at: 0 },
  signal?: AbortSignal,
): AsyncGenerator<PartBlock, void, void> {
  const rows = createRowBuffer()
  for (let partIndex = from.part; partIndex < parts.length; partIndex++) {
    const part = parts[partIndex]
    const blocks = part.read(partIndex === from.part ? from.at : 0, rows)
    for await (const block of signal ? untilGivenUp(blocks, signal) : blocks) {
      yield { ...block, part, partIndex }
      // a source that never waits, as the simulator, would keep signals and timers from their turn
      await nextTurn()
    }
    if (signal?.aborted) return
  }
}

async function* untilGivenUp(
  blocks: AsyncGenerator<SourceBlock, void, void>,
  signal: AbortSignal,
): AsyncGenerator<SourceBlock, void, void> {
  try {
    yield* blocks
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
