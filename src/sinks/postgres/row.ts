import { sourceKey } from '../../core/results/chains.js'
import { contentDigest } from '../../core/results/file-names.js'
import type { Result } from '../../core/results/result.js'
import { ROW_COUNTS } from '../../core/results/row-counts.js'

/** The number that stands for a lane of several partitions, of files, or of windows. */
const WHOLE = -1

interface Column {
  name: string
  /** with NOT NULL, where it is */
  type: string
  value(result: Result, group: string): unknown
}

/** A lane's results are told apart by these. */
export const KEY = ['group_name', 'topic', 'partition', 'number']

/** What a row has, `id` apart, in this order. */
export const COLUMNS: readonly Column[] = [
  { name: 'group_name', type: 'text NOT NULL', value: (_, group) => storable(group) },
  { name: 'topic', type: 'text NOT NULL', value: ({ source }) => storable(laneName(source)) },
  { name: 'partition', type: 'integer NOT NULL', value: ({ source }) => partitionOf(source) },
  { name: 'number', type: 'bigint NOT NULL', value: ({ msg_ID }) => msg_ID },
  { name: 'from_offset', type: 'bigint NOT NULL', value: ({ source }) => sum(source.map(({ from }) => from)) },
  { name: 'to_offset', type: 'bigint NOT NULL', value: ({ source }) => sum(source.map(({ to }) => to)) },
  { name: 'digest', type: 'text NOT NULL', value: digestOf },
  { name: 'worker', type: 'text NOT NULL', value: ({ worker }) => storable(worker) },
  { name: 'interval_start', type: 'timestamptz NOT NULL', value: ({ interval }) => interval.start },
  { name: 'interval_end', type: 'timestamptz NOT NULL', value: ({ interval }) => interval.end },
  { name: 'geometry', type: 'text NOT NULL', value: ({ geometry }) => geometry },
  { name: 'run', type: 'bigint NOT NULL', value: ({ orbits }) => orbits.run },
  { name: 'first_orbit', type: 'bigint', value: ({ orbits }) => orbits.first },
  { name: 'last_orbit', type: 'bigint', value: ({ orbits }) => orbits.last },
  { name: 'orbits', type: 'bigint NOT NULL', value: ({ orbits }) => orbits.count },
  ...ROW_COUNTS.map((name) => ({
    name: name === 'read' ? 'rows_read' : name,
    type: 'bigint NOT NULL',
    value: ({ rows }: Result) => rows[name],
  })),
  { name: 'hit_count_chamber', type: 'bigint[] NOT NULL', value: ({ hit_count_chamber }) => hit_count_chamber },
  { name: 'result', type: 'jsonb NOT NULL', value: (result) => JSON.stringify(result, storableIn) },
  { name: 'original', type: 'text', value: originalOf },
]

/** @param group whose results these are */
export function rowOf(result: Result, group: string): unknown[] {
  return COLUMNS.map(({ value }) => value(result, group))
}

/** Of the row's values, those of the key. */
export function keyOf(row: readonly unknown[]): unknown[] {
  return KEY.map((name) => row[COLUMNS.findIndex((column) => column.name === name)])
}

/** Of all but who wrote the result, and when: of the same lane and range it is always the same. */
export function digestOf({ worker, interval, ...content }: Result): string {
  return contentDigest(JSON.stringify(content))
}

/** JSON has escapes for what PostgreSQL cannot hold in text: U+0000, and halves of surrogate pairs. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/

/** The JSON itself, escapes and all, where `result` had to be changed. */
function originalOf(result: Result): string | null {
  const text = JSON.stringify(result)
  return UNSTORABLE.test(text) ? text : null
}

function storableIn(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? storable(value) : value
}

/** With U+FFFD for each character that PostgreSQL cannot hold. */
function storable(text: string): string {
  return Buffer.from(text).toString().replaceAll('\0', '\uFFFD')
}

/** The windows of a Spark job are told from those of another by where it began. */
function laneName([first]: Result['source']): string {
  if (!first) return ''
  return 'partition' in first ? first.topic : sourceKey(first)
}

function partitionOf(source: Result['source']): number {
  const [first] = source
  if (!first || !('partition' in first)) return WHOLE
  return source.every((range) => 'partition' in range && range.partition === first.partition) ? first.partition : WHOLE
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
