import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { LocalKafka } from '../test/kafka/support/local-kafka.js'
import { processed } from './kafka/processed.js'
import { type Run, timed } from './kafka/timed-command.js'
import { loadBuild } from './lib/dtstream.js'
import { PYTHON, preparePeers } from './lib/peers.js'
import { rotated } from './lib/rotated.js'
import { makeRowsFile } from './lib/rows-file.js'
import { spreadInWords, spreadOf } from './lib/statistics.js'

/** Through a broker on this machine: reading, processing and writing, against other clients on the same topics. */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '2000000' }, rounds: { type: 'string', default: '3' } },
})
const rows = Number(values.rows)
const rounds = Number(values.rounds)
const DTSTREAM = [process.execPath, 'bin/run.js']
const PARTITIONS = '10'

const noPeers = preparePeers()
if (noPeers) console.error(`without Python's client: ${noPeers}`)
const file = await makeRowsFile(await loadBuild('.'), 'bench/data', rows)
const kafka = await LocalKafka.start()
const { bootstrap } = kafka
const runs = new Map<string, Run[]>()
try {
  for (const format of ['row', 'lines', 'arrow']) await replayInto(`read_${format}`, format)
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`)
    await readers(round)
    for (const format of ['row', 'lines', 'arrow']) await processors(format, round)
    await writers(round)
  }
} finally {
  await kafka.stop()
}
print()

async function readers(round: number): Promise<void> {
  const topic = 'read_row'
  const peers: [string, string[]][] = [
    ['read: kcat', ['kcat', '-C', '-q', '-e', '-o', 'beginning', '-b', bootstrap, '-t', topic]],
    ['read: kafkajs', [process.execPath, 'bench/kafka/read-kafkajs.js', bootstrap, topic, String(rows)]],
    ['read: dtstream', [process.execPath, 'bench/kafka/read-dtstream.js', bootstrap, topic, String(rows)]],
  ]
  if (!noPeers)
    peers.push([
      'read: confluent-kafka (Python)',
      [PYTHON, 'bench/kafka/read-confluent.py', bootstrap, topic, String(rows)],
    ])
  for (const [name, command] of rotated(peers, round)) note(name, await timed(command))
}

async function processors(format: string, round: number): Promise<void> {
  const from = `topic:read_${format}`
  for (const to of ['null:', `topic:clean_${format}_${round}`])
    note(`process: ${format} to ${to.split(':')[0]}:`, await processed({ from, to, rows, round, bootstrap }))
}

async function writers(round: number): Promise<void> {
  const kcat = `kcat_${round}`
  const ours = `ours_${round}`
  createTopic(kcat)
  const both: [string, () => Promise<Run>][] = [
    ['write: kcat', () => timed(['kcat', '-P', '-b', bootstrap, '-t', kcat, '-l', file])],
    ['write: dtstream replay --rate max', () => replayInto(ours, 'row')],
    ['write: dtstream replay, lines', () => replayInto(`${ours}_lines`, 'lines')],
  ]
  for (const [name, run] of rotated(both, round)) note(name, await run())
}

function replayInto(topic: string, format: string): Promise<Run> {
  createTopic(topic)
  const pace = ['--rate', 'max', '--format', format, '--no-progress']
  return timed([...DTSTREAM, 'replay', file, '--to', `topic:${topic}`, '--bootstrap-server', bootstrap, ...pace])
}

function createTopic(topic: string): void {
  const [node, script] = DTSTREAM
  execFileSync(node, [script, 'topics', 'create', topic, '--partitions', PARTITIONS, '--bootstrap-server', bootstrap])
}

function note(name: string, run: Run): void {
  runs.set(name, [...(runs.get(name) ?? []), run])
}

function print(): void {
  console.log(`${rows} rows, one broker, ${PARTITIONS} partitions, ${rounds} rounds; median (lowest to highest)\n`)
  console.log('| | million rows/s | million rows per CPU s of the client |\n|---|---|---|')
  for (const [name, all] of [...runs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const rate = (seconds: (run: Run) => number) => spreadInWords(spreadOf(all.map((run) => rows / seconds(run) / 1e6)))
    console.log(`| ${name} | ${rate((run) => run.seconds)} | ${rate((run) => run.cpuSeconds)} |`)
  }
}
