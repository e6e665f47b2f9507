import type { RecordBatch } from 'apache-arrow'
import { hitsSchema, toHitsBatch } from '../../core/hits/hits-table.js'
import { type HourOfHits, hourOfOrbit, shareByHour } from '../../core/hits/hours.js'
import { contentDigest, rangeFileName } from '../../core/results/file-names.js'
import type { SourceRange } from '../../core/results/result.js'
import { arrow } from '../../core/rows/arrow.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import { toParquet } from '../../parquet.js'
import type { HitsPart } from './hits-sink.js'

export const HITS_FORMATS = ['parquet', 'arrow'] as const
export type HitsFormat = (typeof HITS_FORMATS)[number]

export interface HitsFile {
  /** `run=R/hour=H/<group>.<topic>.<partition>.<from>-<to>.<digest>.<format>` */
  name: string
  bytes: Uint8Array
}

/**
 * A part as files, one for each run and hour that it has rows of; what is in them follows from the part alone. A part
 * without hits is a file without rows, so that the ranges have no hole; a result that covers no rows has no file.
 */
export async function* hitsFiles(
  { result, hits }: HitsPart,
  { group, run, format }: { group: string; run: RunFile; format: HitsFormat },
): AsyncGenerator<HitsFile> {
  const coversRows = result.source.some(({ from, to }) => from < to)
  if (!coversRows && hits.length === 0) return
  for (const { run: number, hour, rows } of hits.length > 0 ? shareByHour(hits) : [emptyHour(result)]) {
    const batch = toHitsBatch(hitsSchema(metadataOf(result, group, number)), hits, rows, run)
    const name = `${rangeFileName(group, result.source)}.${digestOf(batch)}.${format}`
    yield { name: `run=${number}/hour=${hour}/${name}`, bytes: await encode(batch, format) }
  }
}

async function encode(batch: RecordBatch, format: HitsFormat): Promise<Uint8Array> {
  const { RecordBatchFileWriter, RecordBatchStreamWriter } = arrow()
  if (format === 'arrow') return RecordBatchFileWriter.writeAll([batch]).toUint8Array(true)
  return toParquet(RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true))
}

/** Of the values, of which a null is 0 in all three columns that can have one: nothing else looks so. */
function digestOf({ data }: RecordBatch): string {
  const values = data.children.map((column) => column.values as Uint8Array)
  return contentDigest(
    ...values.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  )
}

function emptyHour({ orbits, source }: HitsPart['result']): HourOfHits {
  return { run: orbits.run, hour: hourOfOrbit(source[0].watermark ?? 0), rows: new Uint32Array(0) }
}

function metadataOf({ source, geometry }: HitsPart['result'], group: string, run: number): Map<string, string> {
  return new Map([
    ['geometry', geometry],
    ['group', group],
    ['run', String(run)],
    ['source', JSON.stringify(source.map(withoutTime))],
  ])
}

/** Of a range what names it. */
function withoutTime({ watermark: _, ...range }: SourceRange) {
  if (!('partition' in range)) return range
  const { topic, partition, from, to } = range
  return { topic, partition, from, to }
}
