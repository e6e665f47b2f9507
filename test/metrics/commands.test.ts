import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parser } from '@prometheus-io/lezer-promql'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { Metrics } from '../../src/metrics/metrics.js'
import { type MetricsServer, serveExposition } from '../../src/metrics/server.js'
import { Cli, ROOT } from '../support/built-cli.js'
import { type Family, sampleValue } from '../support/exposition.js'
import { startServed } from '../support/served-metrics.js'

type Families = Map<string, Family>

/** Orbits with a row each, one record that cannot be read, and then an hour of detector time without any. */
const ROWS = 500
/** Two of these are sent at once as well: it takes three to make the rows' own clock believe them. */
const SENT = ROWS - 1 + 2
const READ = SENT + 1
const HOUR_LATER = [1, 2, 3, 4].map((n) => `2,0,9,${40_000_000 + n},100,5`)
const LANES = 10
/** Grafana's variable */
const CHOSEN = `\${datasource}`

/** Of each command, at a moment when nothing more happens; and what it said at its end. */
let replayed: { families: Families; summary: { sent: number; malformed: number } }
let processed: { families: Families; summary: Record<'read' | 'late' | 'malformed' | 'results', number> }
let watched: { families: Families; sum: Result }
let cli: Cli
beforeAll(async () => {
  cli = new Cli()
  const rows = Array.from({ length: ROWS }, (_, n) => `2,${n % 2},${n % 131},${1000 + n},${n},5`)
  rows[20] = 'nonsense'
  await writeFile(join(cli.folder, 'rows.txt'), `${[...rows, ...HOUR_LATER].join('\n')}\n`)
  const replay = await startServed(cli, 'replay', join(cli.folder, 'rows.txt'), '--speed', '1x', '--json')
  // so that a lane has one result, when it has been idle
  const lanes = ['--interval', '1h', '--idle', '500ms', '--workers', '2']
  const to = ['--to', 'topic:data_clean', '--to', `${cli.folder}/each/`]
  const process = await startServed(cli, 'process', ...lanes, ...to, '--json')
  const watch = await startServed(cli, 'watch', '--json')
  const commands = { replay, process, watch }
  const ended = async (name: keyof typeof commands) => (await commands[name].stop()).stdout.trim().split('\n')
  replayed = {
    families: await replay.until((now) => sampleValue(now, 'dtstream_rows_sent_total') === SENT),
    summary: JSON.parse((await ended('replay')).join('')),
  }
  const families = await process.until((now) => sampleValue(now, 'dtstream_results_total') === LANES)
  // the lag is looked at now and then
  const isThrough = (now: Families) => sampleValue(now, 'dtstream_unprocessed_messages') === 0
  const seen = await watch.until((now) => sampleValue(now, 'dtstream_results_merged_total') === LANES && isThrough(now))
  processed = { families, summary: JSON.parse((await ended('process')).join('')) }
  watched = { families: seen, sum: JSON.parse((await ended('watch')).at(-1) ?? '') }
}, 120_000)
afterAll(() => cli.dispose())

describe('metrics of replay', () => {
  it('are what its summary says', () => {
    const { families, summary } = replayed
    expect(summary).toMatchObject({ sent: SENT, malformed: 1 })
    expect(sampleValue(families, 'dtstream_malformed_sent_total')).toBe(1)
    expect(sampleValue(families, 'dtstream_build_info', { command: 'replay', version: '0.1.0' })).toBe(1)
    // the rows' own clock sets the pace
    expect(families.get('dtstream_replay_target_rows_per_second')?.samples).toEqual([])
    expect(sampleValue(families, 'dtstream_replay_rows_per_second')).toBeGreaterThan(0)
  })
})

describe('metrics of process', () => {
  it('are what its summary and its results say', () => {
    const { families, summary } = processed
    expect(summary).toMatchObject({ read: READ, late: 0, malformed: 1, results: LANES })
    expect(sampleValue(families, 'dtstream_rows_read_total')).toBe(summary.read)
    expect(sampleValue(families, 'dtstream_rows_late_total')).toBe(summary.late)
    const { hits, scintillator, ancillary, unmapped, malformed } = watched.sum.rows
    const classes = { hits, scintillator, ancillary, unmapped, malformed }
    for (const [name, count] of Object.entries(classes))
      expect(sampleValue(families, 'dtstream_rows_total', { class: name }), name).toBe(count)
    expect(malformed).toBe(summary.malformed)
    expect(hits + scintillator + unmapped).toBe(SENT)
    expect(scintillator * unmapped).toBeGreaterThan(0)
  })

  it('know lanes, lag and settings', () => {
    const { families } = processed
    expect(sampleValue(families, 'dtstream_lanes')).toBe(LANES)
    expect(sampleValue(families, 'dtstream_workers')).toBe(2)
    expect(sampleValue(families, 'dtstream_worker_restarts_total')).toBe(0)
    expect(sampleValue(families, 'dtstream_lag_messages')).toBe(0)
    expect(sampleValue(families, 'dtstream_interval_seconds')).toBe(3600)
  })

  it('have the latency and the commit of each result', () => {
    const { families } = processed
    expect(sampleValue(families, 'dtstream_result_latency_seconds_count')).toBe(LANES)
    // a lane was idle for half a second first
    expect(sampleValue(families, 'dtstream_result_latency_seconds_sum')).toBeGreaterThan(LANES * 0.4)
    expect(sampleValue(families, 'dtstream_commit_duration_seconds_count')).toBe(LANES)
    expect(sampleValue(families, 'dtstream_commit_duration_seconds_sum')).toBeGreaterThan(0)
  })

  it('say what became of the results in each sink that is no topic', () => {
    const sink = `file:${cli.folder}/each/`
    const outcome = (name: string) => sampleValue(processed.families, `dtstream_sink_${name}_total`, { sink })
    expect(['written', 'retries', 'fallen_back', 'dropped'].map(outcome)).toEqual([LANES, 0, 0, 0])
    expect(processed.families.get('dtstream_sink_written_total')?.samples).toHaveLength(1)
  })
})

describe('metrics of watch', () => {
  it('are what it has added', () => {
    const { families, sum } = watched
    expect(sum.rows.read).toBe(READ)
    expect(sampleValue(families, 'dtstream_results_repeated_total')).toBe(0)
    expect(sampleValue(families, 'dtstream_gaps')).toBe(0)
    expect(sampleValue(families, 'dtstream_unprocessed_messages')).toBe(0)
    expect(sampleValue(families, 'dtstream_newest_result_age_seconds')).toBeGreaterThan(0)
    expect(sampleValue(families, 'dtstream_alarms', { kind: 'dead-cell' })).toBe(0)
  })
})

describe('a place for metrics', () => {
  it('can come from the environment, and its port must be free', async () => {
    const { port } = new URL((await occupied()).url)
    const there = new Cli({ DTSTREAM_METRICS: port })
    const { code, stdout } = await there.run('watch', '--json')
    there.dispose()
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error.message).toBe(`metrics cannot be served at 127.0.0.1:${port}: the port is in use`)
  })

  it.each(['replay', 'process', 'watch'])('is refused by %s where it is none', async (command) => {
    const { code, stderr } = await cli.run(command, '--metrics', 'here')
    expect(code).toBe(2)
    expect(stderr).toContain("'here' is no port to serve metrics at")
  })
})

async function occupied(): Promise<MetricsServer> {
  const server = await serveExposition({ host: '127.0.0.1', port: 0 }, new Metrics({ command: 'other' }))
  onTestFinished(() => server.close())
  return server
}

/** Metrics of dtstream's own, whatever command has them. */
function exported(): Families {
  const all = [replayed, processed, watched].flatMap(({ families }) => [...families])
  return new Map(all.filter(([name]) => name.startsWith('dtstream_')))
}

describe('docs/metrics.md', () => {
  it('has every metric with its type, its labels and its help, and no other', () => {
    const text = readFileSync(join(ROOT, 'docs', 'metrics.md'), 'utf8')
    const rows = [...text.matchAll(/^\| `(dtstream_\w+)(?:\{(\w+(?:, \w+)*)\})?` \| (\w+) \| (.+) \|$/gm)]
    const documented = rows.map(([, name, labels = '', type, help]) => ({ name, labels, type, help }))
    const there = [...exported().values()].map(({ name, type, help, samples }) => {
      const labels = type === 'histogram' ? '' : Object.keys(samples[0]?.labels ?? {}).join(', ')
      return { name, labels, type, help }
    })
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
    expect(documented.sort(byName)).toEqual(there.sort(byName))
  })
})

describe('deploy/grafana-dashboard.json', () => {
  const dashboard = JSON.parse(readFileSync(join(ROOT, 'deploy', 'grafana-dashboard.json'), 'utf8')) as Dashboard
  const expressions = dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, expr] as const),
  )

  it.each(expressions)('%s: %s is PromQL on metrics that are exported', (_title, expression) => {
    const { errors, names } = metricsIn(expression.replaceAll('$__rate_interval', '1m'))
    expect(errors).toEqual([])
    const families = [replayed, processed, watched].flatMap((one) => [...one.families.values()])
    const series = new Set(families.flatMap(({ name, samples }) => [name, ...samples.map((sample) => sample.name)]))
    expect(names.filter((name) => !series.has(name))).toEqual([])
    expect(names.length).toBeGreaterThan(0)
  })

  it('reads all from the data source that is chosen, and shows each panel in a place of its own', () => {
    const sources = dashboard.panels.flatMap(({ datasource, targets = [] }) => [
      datasource,
      ...targets.map((target) => target.datasource),
    ])
    for (const source of sources) expect(source).toEqual({ type: 'prometheus', uid: CHOSEN })
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: 'datasource', type: 'datasource', query: 'prometheus' }),
    )
    const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x},${y}`)
    expect(new Set(places).size).toBe(places.length)
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  })

  it('shows every metric but what is there to be looked up', () => {
    const shown = new Set(expressions.flatMap(([, expression]) => metricsIn(expression).names))
    const bare = (name: string) => name.replace(/_(bucket|sum|count)$/, '')
    const names = new Set([...shown].map(bare))
    expect([...exported().keys()].filter((name) => !names.has(name)).sort()).toEqual(['dtstream_interval_seconds'])
  })
})

interface Dashboard {
  panels: {
    id: number
    title: string
    datasource: unknown
    gridPos: { x: number; y: number }
    targets?: { expr: string; datasource: unknown }[]
  }[]
  templating: { list: unknown[] }
}

/** What is wrong with an expression, and the metrics that it is about. */
function metricsIn(expression: string): { errors: string[]; names: string[] } {
  const errors: string[] = []
  const names: string[] = []
  parser.parse(expression).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) errors.push(`${from}: ${expression}`)
      // not the labels of a grouping
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(expression.slice(from, to))
    },
  })
  return { errors, names }
}
