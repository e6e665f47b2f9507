import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import type { Result } from '../src/core/results/result.js'
import { type Build, loadBuild } from './lib/dtstream.js'
import { ratioOf, spreadInWords, spreadOf } from './lib/statistics.js'

/** Recorded hits: encoding them, and processing them again against the same rows as text. */
const { values } = parseArgs({
  options: {
    hits: { type: 'string', default: '2000000' },
    encode: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
  },
})
const rounds = Number(values.rounds)
const LANES = 10
/** Hits of one part: some minutes of a lane. */
const PART_HITS = 50_000
const FORMATS = ['parquet', 'arrow'] as const

const load = (path: string) => import(pathToFileURL(join(resolve('dist'), path)).href)
const build = await loadBuild('.')
const { HitRecorder } = (await load('core/hits/hit-recorder.js')) as typeof import('../src/core/hits/hit-recorder.js')
const { createChamberMap, UNMAPPED } = (await load(
  'core/run-file/chamber-map.js',
)) as typeof import('../src/core/run-file/chamber-map.js')
const { geometryDigest } = (await load(
  'core/run-file/geometry-digest.js',
)) as typeof import('../src/core/run-file/geometry-digest.js')
const { hitsFiles } = (await load('sinks/hits/hits-files.js')) as typeof import('../src/sinks/hits/hits-files.js')
const { openHitsSink } = (await load('sinks/hits/registry.js')) as typeof import('../src/sinks/hits/registry.js')

const run = build.DEFAULT_RUN
const map = createChamberMap(run)
const folder = mkdtempSync(join(tmpdir(), 'dtstream-bench-'))
try {
  await encoding(Number(values.encode))
  await processing(Number(values.hits))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function encoding(count: number): Promise<void> {
  const recorder = new HitRecorder(map)
  for (const rows of eventRows(count)) recorder.add(rows.columns, 0, rows.length, [{ run: 0, time: 0 }])
  const part = partOf(recorder, 0, 0, count)
  console.log(`${count} hits encoded, ${rounds} rounds\n\n| | ms of the CPU | ms | MB |\n|---|---|---|---|`)
  for (const format of FORMATS) {
    const timings: Awaited<ReturnType<typeof timedEncoding>>[] = []
    // the first one is not timed: it loads the library
    for (let round = -1; round < rounds; round++) timings.push(await timedEncoding(part, format))
    const words = (of: (timing: (typeof timings)[0]) => number) => spreadInWords(spreadOf(timings.slice(1).map(of)), 0)
    console.log(
      `| ${format} | ${words(({ cpuMs }) => cpuMs)} | ${words(({ ms }) => ms)} | ${timings[0].mb.toFixed(1)} |`,
    )
  }
}

async function timedEncoding(part: ReturnType<typeof partOf>, format: (typeof FORMATS)[number]) {
  const cpuStart = process.cpuUsage()
  const startMs = performance.now()
  let bytes = 0
  for await (const file of hitsFiles(part, { group: 'bench', run, format })) bytes += file.bytes.length
  const ms = performance.now() - startMs
  const { user, system } = process.cpuUsage(cpuStart)
  return { ms, cpuMs: (user + system) / 1000, mb: bytes / 1e6 }
}

async function processing(count: number): Promise<void> {
  const text = join(folder, 'rows.txt')
  await record(count, text)
  const seconds = new Map<string, number[]>()
  const counts: unknown[] = []
  for (let round = 0; round < rounds; round++) {
    for (const source of ['rows.txt', ...FORMATS]) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${source}\n`)
      const startMs = performance.now()
      const { hit_count_chamber, drift_time_chamber, rows } = analysed(join(folder, source))
      seconds.set(source, [...(seconds.get(source) ?? []), (performance.now() - startMs) / 1000])
      counts.push({ hit_count_chamber, drift_time_chamber, rows })
    }
  }
  if (counts.some((other) => !isDeepStrictEqual(other, counts[0])))
    throw new Error('the sources do not agree on the counts')
  const ofText = seconds.get('rows.txt') ?? []
  console.log(`\n${count} hits processed, start of the program included, ${rounds} rounds`)
  console.log('\n| `process --from` | million rows/s | times as fast as text |\n|---|---|---|')
  for (const [source, of] of seconds) {
    const rates = spreadOf(of.map((s) => count / s / 1e6))
    console.log(`| ${source} | ${spreadInWords(rates)} | ${spreadInWords(ratioOf(of, ofText))} |`)
  }
}

/** The same hits as text and as recordings of ten lanes. */
async function record(count: number, text: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const sinks = await Promise.all(
    FORMATS.map((format) => openHitsSink(`file:${join(folder, format)}?format=${format}`, { group: 'bench', run })),
  )
  const lanes = Array.from({ length: LANES }, () => ({ recorder: new HitRecorder(map), from: 0, held: 0 }))
  const send = async (lane: (typeof lanes)[0]) => {
    const part = partOf(lane.recorder, lanes.indexOf(lane), lane.from, lane.held)
    for (const sink of sinks) await sink.write(part)
    lane.from += lane.held
    lane.held = 0
  }
  const file = createWriteStream(text)
  for (const rows of eventRows(count)) {
    const bytes = new Uint8Array(rows.length * build.MAX_ROW_BYTES)
    file.write(bytes.slice(0, build.formatRows(rows.columns, 0, rows.length, bytes, 0)))
    for (let i = 0; i < rows.length; i++) {
      const lane = lanes[rows.columns.orbit[i] % LANES]
      lane.recorder.add(rows.columns, i, i + 1, [{ run: 0, time: 0 }])
      if (++lane.held === PART_HITS) await send(lane)
    }
  }
  await new Promise((done) => file.end(done))
  for (const lane of lanes) if (lane.held > 0) await send(lane)
  for (const sink of sinks) await sink.close()
}

function partOf(recorder: InstanceType<typeof HitRecorder>, partition: number, from: number, count: number) {
  const source = [{ topic: 'data_raw', partition, from, to: from + count, watermark: null }]
  const orbits = { first: null, last: null, count: 0, run: 0 }
  return { result: { source, geometry: geometryDigest(run), orbits }, hits: recorder.take() }
}

/** Simulated rows, of which only hits and scintillator signals are left, block by block. */
function* eventRows(count: number): Generator<ReturnType<Build['createRowBuffer']>> {
  const simulator = build.createSimulator(build.parseSimulatorOptions(new URLSearchParams(), run))
  const rows = build.createRowBuffer()
  for (let left = count; left > 0; left -= rows.length) {
    simulator.fill(rows)
    const { head, fpga, channel } = rows.columns
    let kept = 0
    for (let i = 0; i < rows.length && kept < left; i++) {
      if (head[i] !== 2 || map.target[(fpga[i] << 9) | channel[i]] === UNMAPPED) continue
      for (const column of Object.values(rows.columns)) column[kept] = column[i]
      kept++
    }
    rows.length = kept
    yield rows
  }
}

function analysed(source: string): Result {
  const args = ['bin/run.js', 'process', '--from', source, '--to', 'stdout:', '--orbit-detail', 'none', '--no-progress']
  const env = { ...process.env, DTSTREAM_CONFIG: devNull, DTSTREAM_LOG: '' }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0) throw new Error(`process --from ${source} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Result
}
