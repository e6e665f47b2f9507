import { createReadStream, mkdirSync, readFileSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ACCESS_KEY, LocalS3, SECRET_KEY } from '../test/s3/support/local-s3.js'
import { fillBucket, plainClient } from '../test/s3/support/plain-client.js'
import { demandAgreement } from './lib/agreement.js'
import { loadBuild } from './lib/dtstream.js'
import { preparePeers, pythonOf } from './lib/peers.js'
import { type Competitor, ownWork, runInTurns, type Timing } from './lib/processes.js'
import { makeRowsFile } from './lib/rows-file.js'
import { median, ratioOf, spreadInWords, spreadOf } from './lib/statistics.js'

/** A bucket to all six results, against the same files, and against DuckDB reading the same bucket. */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '3500000' },
    rounds: { type: 'string', default: '3' },
    passes: { type: 'string', default: '3' },
  },
})
const { rows, passes } = values
const OBJECTS = 3
const BUCKET = 'bench'
const VENV = 'bench/.venv-s3'

const folder = `bench/data/s3-${rows}`
const files = await split(await makeRowsFile(await loadBuild('.'), 'bench/data', Number(rows)), folder)
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
const noPeers = preparePeers(VENV, 'bench/requirements-s3.txt')
if (noPeers) console.log(`Without DuckDB: ${noPeers}.\n`)

const server = await LocalS3.start()
Object.assign(process.env, {
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
})
let timings: Map<string, Timing[]>
const competitors: Competitor[] = [
  ownWork('dtstream, bucket', '.', 'source', { file: `s3://${BUCKET}/data_`, rows, passes }),
  ownWork('dtstream, files', '.', 'source', { file: `file:${folder}`, rows, passes }),
  ...(noPeers
    ? []
    : [duckdb('DuckDB, bucket', `s3://${BUCKET}/data_*.txt`), duckdb('DuckDB, files', `${folder}/*.txt`)]),
]
try {
  const objects = files.map((file) => [file.slice(folder.length + 1), readFileSync(file)] as const)
  await fillBucket(plainClient(server), BUCKET, Object.fromEntries(objects))
  timings = await runInTurns(competitors, Number(values.rounds))
} finally {
  await server.stop()
}
demandAgreement(timings)
console.log(
  `${rows} rows, ${(bytes / 1e6).toFixed(1)} MB in ${OBJECTS} objects, ${values.rounds} rounds of ${passes} passes; median (lowest to highest round)\n`,
)
console.log('| | dtstream from the bucket is so many times faster, per CPU s | by the clock | MB per CPU s | MB/s |')
console.log('|---|---|---|---|---|')
for (const { name } of competitors) console.log(line(name))

function duckdb(name: string, file: string): Competitor {
  const args = ['bench/peers/with_duckdb.py', '--work', 'six', '--file', file, '--passes', passes]
  return { name, command: pythonOf(VENV), args }
}

function line(name: string): string {
  const [cpu, wall] = [secondsOf(name, 'cpuS'), secondsOf(name, 'wallS')]
  const ours = competitors[0].name
  const ratio = (theirs: number[], key: 'cpuS' | 'wallS') =>
    name === ours ? '' : spreadInWords(ratioOf(secondsOf(ours, key), theirs))
  return `| ${[name, ratio(cpu, 'cpuS'), ratio(wall, 'wallS'), rate(cpu), rate(wall)].join(' | ')} |`
}

function rate(seconds: number[]): string {
  return spreadInWords(spreadOf(seconds.map((s) => bytes / s / 1e6)), 0)
}

/** Of each round: the median of its passes. */
function secondsOf(name: string, key: 'cpuS' | 'wallS'): number[] {
  return (timings.get(name) ?? []).map((timing) => median(timing[key]))
}

/** Cuts a file into several of about one size, between lines. */
async function split(file: string, into: string): Promise<string[]> {
  mkdirSync(into, { recursive: true })
  const names = Array.from({ length: OBJECTS }, (_, i) => join(into, `data_${String(i).padStart(6, '0')}.txt`))
  const handles = await Promise.all(names.map((name) => open(name, 'w')))
  const most = statSync(file).size / OBJECTS
  let part = 0
  let written = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    const newline = written >= most * (part + 1) && part < OBJECTS - 1 ? chunk.indexOf(10) : -1
    const end = newline < 0 ? 0 : newline + 1
    if (end > 0) {
      await handles[part].writeFile(chunk.subarray(0, end))
      part++
    }
    await handles[part].writeFile(chunk.subarray(end))
    written += chunk.length
  }
  for (const handle of handles) await handle.close()
  return names
}
