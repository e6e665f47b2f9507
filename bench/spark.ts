import { execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Result } from '../src/core/results/result.js'
import { RAW_TOPIC } from '../src/log/default-topics.js'
import { openKafkaLog } from '../src/log/kafka/kafka-log.js'
import { LocalKafka } from '../test/kafka/support/local-kafka.js'
import { loadBuild } from './lib/dtstream.js'
import { preparePeers } from './lib/peers.js'
import { rotated } from './lib/rotated.js'
import { makeRowsFile } from './lib/rows-file.js'
import { type EngineRun, originalOnSpark, oursInNode, oursOnSpark, VENV, type Work } from './spark/engines.js'
import { type Latency, LIVE_RATE, latencyInNode, latencyOnSpark } from './spark/live.js'
import { type Figures, figuresOf, latencyTable, speedTable } from './spark/tables.js'
import { demandEqual, sumOfResults, type Totals, totalsOf, totalsOfOriginal } from './spark/totals.js'

/** The original system's approach, ours on Spark and ours in Node, on the same topics of one broker. */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000000' },
    // at small batches, where the original's approach takes long
    'slow-rows': { type: 'string', default: '200000' },
    'small-batch': { type: 'string', default: '5000' },
    'large-batch': { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '1' },
    'live-seconds': { type: 'string', default: '90' },
    append: { type: 'boolean', default: false },
  },
})
const rows = Number(values.rows)
const slowRows = Number(values['slow-rows'])
const rounds = Number(values.rounds)
const liveRows = Number(values['live-seconds']) * LIVE_RATE
const LOADS: Load[] = [
  { topic: 'few', rows: slowRows, batchRows: Number(values['small-batch']) },
  { topic: 'many', rows, batchRows: Number(values['large-batch']) },
]

interface Load {
  topic: string
  rows: number
  batchRows: number
}

const noPeer = preparePeers(VENV, 'bench/requirements-spark.txt')
if (noPeer) throw new Error(`the original's approach needs Python's client: ${noPeer}`)
const file = await makeRowsFile(await loadBuild('.'), 'bench/data', rows)
// the original's message of a large batch is longer than brokers take unless told
const kafka = await LocalKafka.start({ properties: { 'message.max.bytes': String(64 << 20) } })
const { bootstrap } = kafka
const log = await openKafkaLog({ brokers: bootstrap.split(','), clientId: 'bench' }, { onNotice: console.error })
const figures = new Map<string, Figures[]>()
const losses = new Set<string>()
const latencies = new Map<string, Latency>()
try {
  for (const load of LOADS) replayInto(load)
  for (let round = 0; round < rounds; round++) for (const load of LOADS) await race(load, round)
  if (liveRows > 0) await live()
} finally {
  await log.close()
  await kafka.stop()
}
const told = report()
console.log(told)
if (values.append)
  appendFileSync('bench/results.md', `\n## ${new Date().toISOString().slice(0, 10)}, Spark\n\n${told}\n`)

/** Everybody on the same rows, in turns; ours must agree. */
async function race({ topic, rows, batchRows }: Load, round: number): Promise<void> {
  const work = (engine: string): Work => ({ log, bootstrap, topic, rows, resultsTo: `${engine}_${topic}_${round}` })
  const of = `of ${rows} rows, ${batchRows} a micro-batch`
  const outcome: { node?: Result; spark?: Result; original?: Totals } = {}
  const engines = [
    async () => {
      const run = await originalOnSpark(work('original'), batchRows)
      note(`the original's approach, ${of}`, run, rows)
      outcome.original = totalsOfOriginal(run.messages)
    },
    async () => {
      const run = await oursOnSpark(work('spark'), batchRows)
      note(`ours on Spark, ${of}`, run, rows)
      outcome.spark = sumOfResults(run.messages)
    },
    async () => {
      const run = await oursInNode(work('node'))
      // the fewer ones are over before it is warm
      if (topic === 'many') note(`ours in Node, 2 workers, of ${rows} rows`, run, rows)
      outcome.node = sumOfResults(run.messages)
    },
  ]
  for (const engine of rotated(engines, round)) await engine()
  const { node, spark, original } = outcome
  if (!node || !spark || !original) throw new Error('somebody has no results')
  demandEqual(node, spark)
  losses.add(`- ${of}: ${lossInWords(totalsOf(node), original)}`)
}

function lossInWords(ours: Totals, theirs: Totals): string {
  const lost = ours.driftTimes - theirs.driftTimes
  const part = ((100 * lost) / ours.driftTimes).toFixed(2)
  return `ours on Spark and in Node agree in every count (${ours.hits} hits); the original's approach counts ${theirs.hits} hits and loses ${lost} of ${ours.driftTimes} drift times (${part} %)`
}

async function live(): Promise<void> {
  const work = (name: string): Work => ({
    log,
    bootstrap,
    topic: `live_${name}`,
    rows: liveRows,
    resultsTo: `of_${name}`,
  })
  for (const windowMs of [1000, 5000]) {
    process.stderr.write(`live, windows of ${windowMs} ms on Spark\n`)
    latencies.set(
      `ours on Spark, windows of ${windowMs / 1000} s`,
      await latencyOnSpark(work(`spark_${windowMs}`), windowMs),
    )
  }
  process.stderr.write('live, in Node\n')
  latencies.set('ours in Node, a result a second, windows of 1 s', await latencyInNode(work('node'), 1000))
}

function replayInto({ topic, rows }: Load): void {
  const pace = ['--rate', 'max', '--limit', String(rows), '--no-progress']
  const to = ['--to', `topic:${topic}`, '--bootstrap-server', bootstrap]
  execFileSync(process.execPath, ['bin/run.js', 'replay', file, ...to, ...pace])
}

function note(name: string, run: EngineRun<{ hit_count: number }>, rows: number): void {
  const figuresOfRun = figuresOf(run, rows)
  process.stderr.write(`${name}: ${JSON.stringify(figuresOfRun)}\n`)
  figures.set(name, [...(figures.get(name) ?? []), figuresOfRun])
}

function report(): string {
  const where = `One broker, ${RAW_TOPIC.partitions} partitions, one row a message, ${availableParallelism()} cores, Spark with local[2]; rounds: ${rounds}, medians.`
  const latency = liveRows > 0 ? ['', `Live, ${LIVE_RATE} rows/s:`, '', latencyTable(latencies)] : []
  return [where, '', speedTable(figures), '', ...losses, ...latency].join('\n')
}
