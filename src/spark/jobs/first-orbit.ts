import { ORBIT_CYCLE, WRAP_MARGIN_ORBITS } from '../../core/orbits/orbit-cycle.js'
import { parseMessages } from '../../core/rows/parse-messages.js'
import { createRowBuffer, type RowBuffer } from '../../core/rows/row-buffer.js'
import { CHANNELS_PER_FPGA, createChamberMap, FPGAS, UNMAPPED } from '../../core/run-file/chamber-map.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import type { Log } from '../../log/log.js'

/** Hits of a partition that are looked at: their median is no stray. */
const HITS_TO_LOOK_AT = 9
const HIT_HEAD = 2
const WAIT_MS = 250

/** The orbit at which a run is taken to begin: whatever is below has gone through the counter's wrap. */
export function lowestOrbit(firstOrbits: readonly number[]): number {
  const [origin] = firstOrbits
  const lowest = Math.min(...firstOrbits.map((orbit) => (orbit - origin) | 0))
  return Math.max(0, ((origin + lowest + ORBIT_CYCLE) % ORBIT_CYCLE) - WRAP_MARGIN_ORBITS)
}

/**
 * The first orbits in a topic, one for each partition that has hits; waits until there are some, unless the signal aborts.
 * @param since offsets to read from, by partition
 */
export async function firstOrbits(
  log: Log,
  { topic, since, run }: { topic: string; since: readonly number[]; run: RunFile },
  signal: AbortSignal,
): Promise<number[]> {
  while (!signal.aborted) {
    const found: number[] = []
    for (const [partition, offset] of since.entries()) {
      const orbits = await orbitsAt(log, { topic, partition, offset, run })
      if (orbits.length > 0) found.push(median(orbits))
    }
    if (found.length > 0) return found
  }
  return []
}

async function orbitsAt(
  log: Log,
  { topic, partition, offset, run }: { topic: string; partition: number; offset: number; run: RunFile },
): Promise<number[]> {
  const end = (await log.offsets(topic))?.[partition]?.end ?? 0
  const orbits: number[] = []
  const rows = createRowBuffer()
  const reader = await log.reader(topic, partition, offset)
  try {
    for (let next = offset; next < end && orbits.length < HITS_TO_LOOK_AT; ) {
      const batch = await reader.next(WAIT_MS)
      if (!batch) break
      parseMessages(batch, 0, batch.count, run.raw_word, rows, {
        rows: (block) => addOrbits(block, run, orbits),
        end: () => {},
      })
      next = batch.nextOffset
    }
  } finally {
    await reader.close()
  }
  return orbits.slice(0, HITS_TO_LOOK_AT)
}

function addOrbits({ columns, length }: RowBuffer, run: RunFile, orbits: number[]): void {
  const { target } = createChamberMap(run)
  for (let i = 0; i < length && orbits.length < HITS_TO_LOOK_AT; i++) {
    const [fpga, channel] = [columns.fpga[i], columns.channel[i]]
    const isMapped =
      fpga < FPGAS && channel < CHANNELS_PER_FPGA && target[fpga * CHANNELS_PER_FPGA + channel] !== UNMAPPED
    if (columns.head[i] === HIT_HEAD && isMapped) orbits.push(columns.orbit[i])
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]
}
