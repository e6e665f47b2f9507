import { CELLS, driftBinCount, type RunFile } from '../../core/run-file/run-file.js'
import { BIN } from './bins.js'
import { doubleLiteral, textLiteral } from './literals.js'

/** Bins as columns: for each chamber and kind an ascending array of {bin, n, s}. */
const columnOf = { cell: 'cells', active: 'active', multiplicity: 'multiplicity', drift: 'drift' } as const
type Kind = keyof typeof columnOf

/** What a result has beside its counts: expressions. */
export interface LabelExpressions {
  msgId: string
  worker: string
  /** timestamps */
  since: string
  until: string
  /** of structs */
  source: string
  orbits: { first: string; last: string; count: string }
  /** by the names of `RowCounts` */
  rows: Readonly<Record<string, string>>
  geometry: string
}

/** Aggregates that gather the bins of a group as the arrays that `resultJson` reads. */
export function gatheredBins({ chambers }: RunFile): string {
  const kinds = Object.keys(columnOf) as Kind[]
  return chambers
    .flatMap((_, i) =>
      kinds.map((kind) => {
        const isOfColumn = `kind = ${BIN[kind]} AND chamber = ${i}`
        return `sort_array(collect_list(IF(${isOfColumn}, struct(bin, n, s), NULL))) ${columnOf[kind]}_${i}`
      }),
    )
    .join(',\n  ')
}

/** The same columns where nothing was counted. */
export function noBins({ chambers }: RunFile): string {
  const none = 'CAST(array() AS ARRAY<STRUCT<bin: BIGINT, n: BIGINT, s: BIGINT>>)'
  return chambers.flatMap((_, i) => Object.values(columnOf).map((column) => `${none} ${column}_${i}`)).join(', ')
}

/**
 * A result as JSON (docs/results.md), of the columns that `gatheredBins` gives.
 * @param mostListed entries of result 4 above which it is left out; 0 where it is not wanted
 */
export function resultJson(label: LabelExpressions, run: RunFile, mostListed: number): string {
  const perChamber = (of: (chamber: number) => string) =>
    object(Object.fromEntries(run.chambers.map((_, i) => [String(i), of(i)])))
  const hits = run.chambers.map((_, i) => sumOf(`cells_${i}`))
  const listed = run.chambers.map((_, i) => `size(active_${i})`).join(' + ')
  const active = perChamber((i) => sparse(`active_${i}`, 'x.bin'))
  const json = `to_json(${object({
    schema: "'dtstream.result/1'",
    msg_ID: label.msgId,
    worker: textLiteral(label.worker),
    interval: object({ start: isoTime(label.since), end: isoTime(label.until) }),
    source: label.source,
    orbits: object({ ...label.orbits, run: '0' }),
    rows: object(label.rows),
    geometry: textLiteral(label.geometry),
    hit_count: hits.join(' + '),
    hit_count_chamber: `array(${hits.join(', ')})`,
    tdc_counts_chamber: perChamber((i) => sparse(`cells_${i}`, channelOf(run, i))),
    ...(mostListed > 0 ? { active_tdc_chamber: `IF(${listed} > ${mostListed}, NULL, ${active})` } : {}),
    active_multiplicity_chamber: perChamber((i) => dense(`multiplicity_${i}`)),
    tdc_counts_scintillator_chamber: perChamber((i) =>
      sparse(`filter(cells_${i}, x -> x.s > 0)`, channelOf(run, i), 'x.s'),
    ),
    drift_time_chamber: perChamber((i) => driftHistogram(run, `drift_${i}`)),
  })}, map('ignoreNullFields', 'false'))`
  return mostListed > 0 ? `replace(${json}, '"active_tdc_chamber":null,', '')` : json
}

function object(fields: Readonly<Record<string, string>>): string {
  return `named_struct(${Object.entries(fields)
    .map(([name, value]) => `${textLiteral(name)}, ${value}`)
    .join(', ')})`
}

function isoTime(timestamp: string): string {
  return `date_format(${timestamp}, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")`
}

function sumOf(bins: string): string {
  return `aggregate(${bins}, 0L, (total, x) -> total + x.n)`
}

function sparse(bins: string, edge: string, count = 'x.n'): string {
  return object({ bin_edges: `transform(${bins}, x -> ${edge})`, hist_counts: `transform(${bins}, x -> ${count})` })
}

function channelOf({ chambers }: RunFile, chamber: number): string {
  return `x.bin + ${chambers[chamber].first_channel}`
}

/** Counts of 1, 2, ... 64 distinct cells. */
function dense(bins: string): string {
  const counts = `map_from_entries(transform(${bins}, x -> struct(x.bin, x.n)))`
  return `transform(sequence(1L, ${CELLS}L), distinct -> coalesce(try_element_at(${counts}, distinct), 0L))`
}

function driftHistogram({ drift_time }: RunFile, bins: string): string {
  const [low, width] = [drift_time.low_ns, drift_time.width_ns].map(doubleLiteral)
  const count = driftBinCount(drift_time)
  const inside = `filter(${bins}, x -> x.bin >= 0 AND x.bin < ${count})`
  return object({
    low,
    width,
    bins: String(count),
    bin_edges: `transform(${inside}, x -> ${low} + x.bin * ${width})`,
    hist_counts: `transform(${inside}, x -> x.n)`,
    underflow: sumOf(`filter(${bins}, x -> x.bin < 0)`),
    overflow: sumOf(`filter(${bins}, x -> x.bin >= ${count})`),
  })
}
