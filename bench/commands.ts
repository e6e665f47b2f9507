import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { Result } from '../src/core/results/result.js'
import { loadBuild } from './lib/dtstream.js'
import { makeRowsFile } from './lib/rows-file.js'
import { spreadInWords, spreadOf } from './lib/statistics.js'

/** Whole commands as a user runs them, start of the program included, by the clock. */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '2000000' }, rounds: { type: 'string', default: '5' } },
})
const rows = Number(values.rows)
const rounds = Number(values.rounds)
const folder = mkdtempSync(join(tmpdir(), 'dtstream-bench-'))
const rates = new Map<string, number[]>()
try {
  const file = await makeRowsFile(await loadBuild('.'), 'bench/data', rows)
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`)
    note(
      'process a file',
      await timed(() => ended(start(['process', '--from', file, '--to', 'null:', '--no-progress']))),
    )
    for (const format of ['row', 'lines']) await throughLog(format, join(folder, `${round}-${format}`))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(
  `${rows} rows, ${rounds} rounds; million rows/s, median (lowest to highest)\n\n| | million rows/s |\n|---|---|`,
)
for (const [name, values] of rates) console.log(`| ${name} | ${spreadInWords(spreadOf(values))} |`)

/** A replay into an embedded log of its own, and a process from there until every row has come out counted. */
async function throughLog(format: string, log: string): Promise<void> {
  const replay = ['replay', `sim:?rows=${rows}`, '--rate', 'max', '--format', format, '--log', log, '--no-progress']
  note(`replay, ${format}`, await timed(() => ended(start(replay))))
  note(`process a topic, ${format}`, await processUntilRead(log))
  rmSync(log, { recursive: true, force: true })
}

/** The seconds until the last row has been counted in a result. */
async function processUntilRead(log: string): Promise<number> {
  const startMs = performance.now()
  const child = start(['process', '--log', log, '--to', 'stdout:', '--interval', '100ms', '--no-progress'])
  const end = ended(child, 130)
  let read = 0
  if (child.stdout)
    for await (const line of createInterface({ input: child.stdout })) {
      read += (JSON.parse(line) as Result).rows.read
      if (read >= rows) break
    }
  if (read !== rows) throw new Error(`${read} rows were read, not ${rows}`)
  const seconds = (performance.now() - startMs) / 1000
  child.stdout?.resume()
  child.kill('SIGINT')
  await end
  return seconds
}

function note(name: string, seconds: number): void {
  rates.set(name, [...(rates.get(name) ?? []), rows / seconds / 1e6])
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now()
  await work()
  return (performance.now() - startMs) / 1000
}

function start(args: string[]): ChildProcess {
  const env = { ...process.env, DTSTREAM_CONFIG: devNull, DTSTREAM_LOG: '' }
  return spawn(process.execPath, ['bin/run.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env })
}

/** Resolves when the command has ended as it should; otherwise fails with what it said. */
function ended(child: ChildProcess, expected = 0): Promise<void> {
  const said: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk))
  if (expected === 0) child.stdout?.resume()
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === expected) resolve()
      else reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}: ${Buffer.concat(said)}`))
    })
  })
}
