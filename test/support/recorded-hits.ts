import { createHitColumns, type HitColumns } from '../../src/core/hits/hit-columns.js'
import { createChamberMap, SCINTILLATOR } from '../../src/core/run-file/chamber-map.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import type { S3Settings } from '../../src/s3/settings.js'
import { openHitsSink } from '../../src/sinks/hits/registry.js'
import { resultOfSize } from './results.js'
import { isEvent, type StreamRow } from './stream.js'

export interface RecordOptions {
  lanes: number
  /** rows of each result */
  rowsPerPart: number
  group?: string
  geometry?: string
  s3?: S3Settings
}

/** Records the hits among rows as lanes do that these are keyed to by orbit, one part after the other. */
export async function recordHits(
  uri: string,
  rows: readonly StreamRow[],
  { lanes, rowsPerPart, group = 'dtstream', geometry, s3 = {} }: RecordOptions,
): Promise<void> {
  const sink = await openHitsSink(uri, { group, run: DEFAULT_RUN, s3 })
  for (let partition = 0; partition < lanes; partition++) {
    const own = rows.filter(({ orbit }) => orbit % lanes === partition)
    for (let from = 0; from < own.length; from += rowsPerPart) {
      const part = own.slice(from, from + rowsPerPart)
      const source = [{ topic: 'data_raw', partition, from, to: from + part.length, watermark: part[0].orbit }]
      const result = { ...resultOfSize(16), source }
      await sink.write({ result: geometry === undefined ? result : { ...result, geometry }, hits: hitsAmong(part) })
    }
  }
  await sink.close()
}

const MAP = createChamberMap(DEFAULT_RUN)

function hitsAmong(rows: readonly StreamRow[]): HitColumns {
  const hits = createHitColumns(rows.length)
  for (const row of rows.filter(isEvent)) {
    const [, fpga, channel, orbit, bx, tdc] = row.text.split(',').map(Number)
    const key = (fpga << 9) | channel
    const i = hits.length++
    hits.run[i] = row.run
    hits.orbit[i] = orbit
    hits.chamber[i] = MAP.target[key]
    hits.cell[i] = MAP.target[key] === SCINTILLATOR ? 0 : MAP.cell[key]
    hits.time[i] = 30 * bx + tdc
  }
  return hits
}
