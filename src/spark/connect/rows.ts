import { arrow } from '../../core/rows/arrow.js'

/** A value of a row: times are ms since 1970, whole numbers too large for JavaScript's are bigints. */
export type SparkValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | SparkValue[]
  | { [name: string]: SparkValue }

export type SparkRow = Record<string, SparkValue>

/** Rows of an Arrow IPC stream, as Spark sends a part of a result. DECIMAL has no counterpart: cast it. */
export function rowsOf(stream: Uint8Array): SparkRow[] {
  const { tableFromIPC, DataType } = arrow()
  const table = tableFromIPC(stream)
  const decimal = table.schema.fields.find(({ type }) => DataType.isDecimal(type))
  if (decimal) throw new Error(`the column ${decimal.name} is a DECIMAL, which must be cast in the query`)
  return table.toArray().map((row) => plain(row) as SparkRow)
}

function plain(value: unknown): SparkValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value !== 'object' || value instanceof Uint8Array) return value as SparkValue
  if (value instanceof arrow().Vector) return Array.from(value, plain)
  // structs and maps: pairs of names and values
  return Object.fromEntries(Array.from(value as Iterable<[string, unknown]>, ([name, of]) => [name, plain(of)]))
}
