import type { RecordBatchWriter } from 'apache-arrow'
import { resultSchema, toResultBatch } from '../../core/results/arrow-results.js'
import type { Result } from '../../core/results/result.js'
import { arrow } from '../../core/rows/arrow.js'
import type { Encoder } from './encoder.js'

/** A record batch is written when it has so many results, or results that list so many orbits. */
const MOST_RESULTS = 256
const MOST_ORBITS = 250_000

/** Results as an Arrow IPC file, piece by piece: no more than a record batch is held. */
export function createArrowEncoder(): Encoder {
  const { add, finish } = batchWriter(new (arrow().RecordBatchFileWriter)())
  return { add, finish: async () => finish() }
}

/** As `createArrowEncoder`, in the form of `writer`. */
export function batchWriter(writer: RecordBatchWriter): { add: Encoder['add']; finish(): Uint8Array[] } {
  const { AsyncByteQueue } = arrow()
  let pieces: Uint8Array[] = []
  // the writer's own queue would have to be read by somebody else; this one hands over at once
  class Pieces extends AsyncByteQueue {
    override write(bytes: Uint8Array): void {
      pieces.push(bytes)
    }
  }
  const schema = resultSchema()
  writer.reset(new Pieces(), schema)
  let results: Result[] = []
  let orbits = 0

  function writeBatch(): void {
    if (results.length > 0) writer.write(toResultBatch(schema, results))
    results = []
    orbits = 0
  }
  function taken(): Uint8Array[] {
    const out = pieces
    pieces = []
    return out
  }
  return {
    add(result) {
      results.push(result)
      orbits += listedOrbits(result)
      if (results.length >= MOST_RESULTS || orbits >= MOST_ORBITS) writeBatch()
      return taken()
    },
    finish() {
      writeBatch()
      writer.finish()
      return taken()
    },
  }
}

/** The one part of a result whose size has no bound of its own. */
function listedOrbits({ active_tdc_chamber = {} }: Result): number {
  return Object.values(active_tdc_chamber).reduce((sum, { bin_edges }) => sum + bin_edges.length, 0)
}
