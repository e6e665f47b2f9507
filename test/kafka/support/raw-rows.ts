import { orbitHash } from '../../../src/core/rows/partition-of.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { createRowTexts } from '../../../src/replay/row-texts.js'
import { readParts } from '../../../src/sources/read-parts.js'
import { openSources } from '../../../src/sources/registry.js'
import { noLog } from '../../support/no-log.js'
import { kcatConsume } from './kcat.js'

/** How data_raw differs from what a replay of the source should have made of it, in rows. */
export interface RawComparison {
  lost: number
  doubled: number
  /** partitions that have the right rows in another order */
  outOfOrder: number
}

/** Holds every partition of data_raw, as kcat reads it, against the source: the same rows in the same order. */
export async function compareRaw(bootstrap: string, source: string, partitions: number): Promise<RawComparison> {
  const expected = await rowsByPartition(source, partitions)
  const compared = expected.map(async (rows, partition) => {
    const lines = await kcatConsume({ bootstrap }, { topic: 'data_raw', partition })
    // end marks have no value
    return compareRows(
      rows,
      lines.filter((line) => line !== ''),
    )
  })
  const total = { lost: 0, doubled: 0, outOfOrder: 0 }
  for (const { lost, doubled, outOfOrder } of await Promise.all(compared)) {
    total.lost += lost
    total.doubled += doubled
    total.outOfOrder += outOfOrder
  }
  return total
}

/** The rows of a source as text, each in the partition that the hash of its orbit names. */
async function rowsByPartition(source: string, partitions: number): Promise<string[][]> {
  const out: string[][] = Array.from({ length: partitions }, () => [])
  const textsOf = createRowTexts()
  for await (const block of readParts(await openSources([source], { run: DEFAULT_RUN, log: noLog }))) {
    const { orbit } = block.rows.columns
    const { bytes, start, end } = textsOf(block, 0, block.rows.length)
    for (let i = 0; i < block.rows.length; i++)
      out[orbitHash(orbit[i]) % partitions].push(Buffer.from(bytes.subarray(start[i], end[i])).toString())
  }
  return out
}

export function compareRows(expected: readonly string[], found: readonly string[]): RawComparison {
  const missing = new Map<string, number>()
  for (const row of expected) missing.set(row, (missing.get(row) ?? 0) + 1)
  for (const row of found) missing.set(row, (missing.get(row) ?? 0) - 1)
  const counts = [...missing.values()]
  const lost = counts.reduce((sum, count) => sum + Math.max(0, count), 0)
  const doubled = counts.reduce((sum, count) => sum + Math.max(0, -count), 0)
  const isSame = lost + doubled > 0 || expected.every((row, i) => row === found[i])
  return { lost, doubled, outOfOrder: isSame ? 0 : 1 }
}
