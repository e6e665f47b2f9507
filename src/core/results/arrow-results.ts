import type { RecordBatch, Schema } from 'apache-arrow'
import { arrow } from '../rows/arrow.js'
import { arrowType, decode, encode, type Kind } from './arrow-values.js'
import { checkResult } from './parse-result.js'
import type { Result } from './result.js'

/**
 * A column: its place in a result, where `*` stands for every chamber (an entry of a list), and what it holds.
 * `missing` says what null stands for: null, or a field that was left out.
 */
interface Column {
  readonly path: readonly string[]
  readonly name: string
  readonly kind: Kind
  readonly missing?: 'null' | 'left out'
}

const INTEGERS: Kind = { listOf: 'integer' }
const NUMBERS: Kind = { listOf: 'number' }

/**
 * Results as a table, a row each: plain columns, a list with an entry for each chamber where a field has one for each, and for
 * a histogram two such lists of lists, of edges and of counts. Every whole number is an int64.
 */
const COLUMNS: readonly Column[] = [
  column('msg_ID', 'integer'),
  column('worker', 'text'),
  column('interval.start', 'time'),
  column('interval.end', 'time'),
  column('source', 'json'),
  column('orbits.first', 'integer', 'null'),
  column('orbits.last', 'integer', 'null'),
  column('orbits.count', 'integer'),
  column('orbits.run', 'integer'),
  ...['read', 'hits', 'scintillator', 'ancillary', 'unmapped', 'malformed', 'late'].map((name) =>
    column(`rows.${name}`, 'integer'),
  ),
  column('geometry', 'text'),
  column('hit_count', 'integer'),
  column('hit_count_chamber', INTEGERS),
  column('tdc_counts_chamber.*.bin_edges', { listOf: INTEGERS }),
  column('tdc_counts_chamber.*.hist_counts', { listOf: INTEGERS }),
  column('active_tdc_chamber.*.bin_edges', { listOf: INTEGERS }, 'left out'),
  column('active_tdc_chamber.*.hist_counts', { listOf: INTEGERS }, 'left out'),
  column('active_multiplicity_chamber.*', { listOf: INTEGERS }),
  column('tdc_counts_scintillator_chamber.*.bin_edges', { listOf: INTEGERS }),
  column('tdc_counts_scintillator_chamber.*.hist_counts', { listOf: INTEGERS }),
  column('drift_time_chamber.*.low', NUMBERS),
  column('drift_time_chamber.*.width', NUMBERS),
  column('drift_time_chamber.*.bins', INTEGERS),
  column('drift_time_chamber.*.bin_edges', { listOf: NUMBERS }),
  column('drift_time_chamber.*.hist_counts', { listOf: INTEGERS }),
  column('drift_time_chamber.*.underflow', INTEGERS),
  column('drift_time_chamber.*.overflow', INTEGERS),
]

function column(path: string, kind: Kind, missing?: 'null' | 'left out'): Column {
  const steps = path.split('.')
  const name = steps.filter((step) => step !== '*').join('_')
  return { path: steps, name, kind, ...(missing ? { missing } : {}) }
}

/** The schema of a file of results. */
export function resultSchema(): Schema {
  const { Field, Schema } = arrow()
  const fields = COLUMNS.map(({ name, kind, missing }) => new Field(name, arrowType(kind), missing !== undefined))
  return new Schema(fields, new Map([['schema', 'dtstream.result/1']]))
}

/** Results as a record batch of `schema`, which is `resultSchema()`. */
export function toResultBatch(schema: Schema, results: readonly Result[]): RecordBatch {
  const { RecordBatch, Struct, makeData } = arrow()
  const children = COLUMNS.map(({ path, kind }) =>
    encode(
      kind,
      results.map((result) => pick(result, path)),
    ),
  )
  const data = makeData({ type: new Struct(schema.fields), length: results.length, nullCount: 0, children })
  return new RecordBatch(schema, data)
}

/** The columns of results that a table does not have. */
export function missingColumns(schema: Schema): string[] {
  const names = new Set(schema.fields.map(({ name }) => String(name)))
  return COLUMNS.map(({ name }) => name).filter((name) => !names.has(name))
}

/** The rows of a record batch as results; for one that is none, why. */
export function* fromResultBatch(batch: RecordBatch): Generator<Result | string> {
  const columns = COLUMNS.flatMap((column) => {
    const vector = batch.getChild(column.name)
    return vector ? [{ column, vector }] : []
  })
  for (let row = 0; row < batch.numRows; row++) {
    const result: Record<string, unknown> = { schema: 'dtstream.result/1' }
    try {
      for (const { column, vector } of columns) {
        const value = decode(column.kind, vector, row)
        if (value !== null || column.missing !== 'left out') place(result, column.path, value)
      }
    } catch (error) {
      yield `it cannot be read: ${(error as Error).message}`
      continue
    }
    yield checkResult(result)
  }
}

/** What stands at a path; a list with the chambers' values where the path has a `*`. */
function pick(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined || value === undefined) return value
  if (step === '*') return Object.values(value as object).map((entry) => pick(entry, rest))
  return pick((value as Record<string, unknown>)[step], rest)
}

/** The reverse of `pick`: puts a value where the path leads. */
function place(target: Record<string, unknown>, [step, ...rest]: readonly string[], value: unknown): void {
  if (step === '*') {
    for (const [chamber, entry] of (value as unknown[]).entries()) place(target, [String(chamber), ...rest], entry)
  } else if (rest.length === 0) target[step] = value
  else {
    target[step] ??= {}
    place(target[step] as Record<string, unknown>, rest, value)
  }
}
