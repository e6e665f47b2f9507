import { expect } from 'vitest'

/** One metric with all its series. */
export interface Family {
  name: string
  type: string
  help: string
  samples: Sample[]
}

interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (\\S+)$`)
const HEAD = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`)
const TYPES = ['counter', 'gauge', 'histogram', 'summary']

/** Reads Prometheus' text format 0.0.4 line by line; what is not in order fails the test. */
export function parseExposition(text: string): Map<string, Family> {
  expect(text.endsWith('\n')).toBe(true)
  const families = new Map<string, Family>()
  let current: Family | undefined
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, head, name, rest] = HEAD.exec(line) ?? []
    if (head === 'HELP') {
      expect(families.has(name), `${name} has two heads`).toBe(false)
      current = { name, type: '', help: rest, samples: [] }
      families.set(name, current)
    } else if (head === 'TYPE') {
      expect([name, TYPES.includes(rest)]).toEqual([current?.name, true])
      if (current) current.type = rest
    } else current?.samples.push(sampleOf(line, current))
  }
  for (const family of families.values()) check(family)
  return families
}

function sampleOf(line: string, { name: of, type }: Family): Sample {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? expect.fail(`no sample: ${line}`)
  const endings = type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  expect(endings.map((ending) => `${of}${ending}`)).toContain(name)
  const pairs = [...labels.matchAll(/([^=,]+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text])
  return { name, labels: Object.fromEntries(pairs), value: numberOf(value) }
}

function numberOf(text: string): number {
  const special: Record<string, number> = { '+Inf': Number.POSITIVE_INFINITY, '-Inf': Number.NEGATIVE_INFINITY }
  // as Go's ParseFloat reads it, and so Prometheus, in any case
  const value = /^nan$/i.test(text) ? Number.NaN : (special[text] ?? Number(text))
  expect(Number.isNaN(value) && !/^nan$/i.test(text), `no number: ${text}`).toBe(false)
  return value
}

function check({ name, type, help, samples }: Family): void {
  expect(type, `type of ${name}`).not.toBe('')
  expect(help, `help of ${name}`).not.toBe('')
  const series = samples.map((sample) => `${sample.name}${JSON.stringify(sample.labels)}`)
  expect(new Set(series).size, `series of ${name} that are there twice`).toBe(series.length)
  // the library's own names and values are not ours to choose
  if (name.startsWith('dtstream_')) {
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
    for (const { value } of samples) expect(Number.isNaN(value), name).toBe(false)
  }
  if (type === 'counter') for (const { value } of samples) expect(value).toBeGreaterThanOrEqual(0)
  if (type === 'histogram' && name.startsWith('dtstream_')) checkBuckets(name, samples)
}

/** Without labels but `le`. */
function checkBuckets(name: string, samples: readonly Sample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`)
  const counts = buckets.map(({ value }) => value)
  const edges = buckets.map(({ labels }) => numberOf(labels.le))
  expect(counts).toEqual([...counts].sort((a, b) => a - b))
  expect(edges).toEqual([...edges].sort((a, b) => a - b))
  expect(edges.at(-1)).toBe(Number.POSITIVE_INFINITY)
  expect(counts.at(-1)).toBe(samples.find((sample) => sample.name === `${name}_count`)?.value)
}

/** The value of one series; undefined where it is not there. @param labels all that it has */
export function sampleValue(
  families: ReadonlyMap<string, Family>,
  series: string,
  labels: Record<string, string> = {},
): number | undefined {
  const all = [...families.values()].flatMap(({ samples }) => samples)
  const wanted = JSON.stringify(Object.entries(labels).sort())
  return all.find(({ name, labels: has }) => name === series && JSON.stringify(Object.entries(has).sort()) === wanted)
    ?.value
}
