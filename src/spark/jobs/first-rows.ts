import { setTimeout as sleep } from 'node:timers/promises'
import { ORBIT_CYCLE, WRAP_MARGIN_ORBITS } from '../../core/orbits/orbit-cycle.js'
import { parseMessages } from '../../core/rows/parse-messages.js'
import { createRowBuffer, type RowBuffer } from '../../core/rows/row-buffer.js'
import {
  CHANNELS_PER_FPGA,
  type ChamberMap,
  createChamberMap,
  FPGAS,
  UNMAPPED,
} from '../../core/run-file/chamber-map.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import type { Log } from '../../log/log.js'

/** What a topic's first rows tell of it. */
export interface FirstRows {
  /** ORBIT_CNT at which each partition begins that has hits */
  orbits: number[]
  /** rows in a message, on average */
  rowsPerMessage: number
}

/** Hits of a partition that are looked at: their median is no stray. */
const HITS_TO_LOOK_AT = 9
const HIT_HEAD = 2
const WAIT_MS = 250
const LOOK_MS = 1000

/** The orbit at which a run is taken to begin: whatever is below has gone through the counter's wrap. */
export function lowestOrbit(firstOrbits: readonly number[]): number {
  const [origin] = firstOrbits
  const lowest = Math.min(...firstOrbits.map((orbit) => (orbit - origin) | 0))
  return Math.max(0, ((origin + lowest + ORBIT_CYCLE) % ORBIT_CYCLE) - WRAP_MARGIN_ORBITS)
}

export interface Waiting {
  signal: AbortSignal
  /** told once what is waited for */
  onNotice(text: string): void
}

/**
 * Looks at the first rows of a topic; waits until there are hits. Undefined where the signal aborts before.
 * @param since offsets to read from, by partition
 */
export async function firstRows(
  log: Log,
  { topic, since, run }: { topic: string; since: readonly number[]; run: RunFile },
  { signal, onNotice }: Waiting,
): Promise<FirstRows | undefined> {
  for (let looks = 0; !signal.aborted; looks++) {
    const look = new Look(run)
    for (const [partition, offset] of since.entries()) await look.at(log, { topic, partition, offset })
    if (look.orbits.length > 0) return { orbits: look.orbits, rowsPerMessage: look.rows / look.messages }
    if (looks === 0) onNotice(`there are no hits in ${topic} to begin with: waiting for the first`)
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
  }
  return undefined
}

class Look {
  /** of each partition that has hits */
  readonly orbits: number[] = []
  rows = 0
  messages = 0
  private readonly map: ChamberMap
  private readonly buffer = createRowBuffer()

  constructor(private readonly run: RunFile) {
    this.map = createChamberMap(run)
  }

  async at(
    log: Log,
    { topic, partition, offset }: { topic: string; partition: number; offset: number },
  ): Promise<void> {
    const end = (await log.offsets(topic))?.[partition]?.end ?? 0
    const orbits: number[] = []
    const reader = await log.reader(topic, partition, offset)
    try {
      for (let next = offset; next < end && orbits.length < HITS_TO_LOOK_AT; ) {
        const batch = await reader.next(WAIT_MS)
        if (!batch) break
        this.messages += batch.count
        const consumer = { rows: (rows: RowBuffer) => this.take(rows, orbits), end: () => {} }
        parseMessages(batch, 0, batch.count, this.run.raw_word, this.buffer, consumer)
        next = batch.nextOffset
      }
    } finally {
      await reader.close()
    }
    if (orbits.length > 0) this.orbits.push(median(orbits))
  }

  private take({ columns, length }: RowBuffer, orbits: number[]): void {
    this.rows += length
    for (let i = 0; i < length && orbits.length < HITS_TO_LOOK_AT; i++) {
      const [fpga, channel] = [columns.fpga[i], columns.channel[i]]
      if (columns.head[i] !== HIT_HEAD || fpga >= FPGAS || channel >= CHANNELS_PER_FPGA) continue
      if (this.map.target[fpga * CHANNELS_PER_FPGA + channel] !== UNMAPPED) orbits.push(columns.orbit[i])
    }
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]
}
