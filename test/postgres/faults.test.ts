import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { compareCounts } from '../../src/core/results/compare.js'
import type { Result } from '../../src/core/results/result.js'
import { ResultSum } from '../../src/core/results/result-sum.js'
import { untilRead } from '../end-to-end/until-read.js'
import { Cli, seeded } from '../support/built-cli.js'
import { LocalPostgres, PASSWORD } from './support/local-postgres.js'
import { storedResults } from './support/stored-results.js'

const KILLS = 20
const ROWS = 200_000
const SOURCE = `sim:?seed=11&rows=${ROWS}`
const SLOW = 180_000

let cli: Cli
let server: LocalPostgres
let tables = 0
let table: string

beforeAll(async () => {
  server = await LocalPostgres.start()
})
afterAll(() => server?.stop())
beforeEach(() => {
  cli = new Cli({ PGPASSWORD: PASSWORD })
  table = `results_${++tables}`
})
afterEach(() => cli.dispose())

const args = () => ['--to', server.uri(`?table=${table}&retries=100`), '--interval', '100ms', '--workers', '2']

function randomOf(name: string): () => number {
  const seed = Number(process.env.SEED ?? Date.now() % 1e6)
  console.log(`${name}: SEED=${seed}`)
  return seeded(seed)
}

/** The rows of the table, none twice and none missing, are the batch analysis of the source, count for count. */
async function expectExact(): Promise<void> {
  const sum = new ResultSum({ orbitDetail: true })
  for (const result of await storedResults(server, table)) sum.add(result)
  expect([sum.repeated, sum.gaps()]).toEqual([0, []])
  const total = sum.toResult('test')
  const truth = JSON.parse((await cli.run('process', '--from', SOURCE, '--to', 'stdout:')).stdout) as Result
  expect(total && compareCounts(truth, total)).toEqual([])
  const [counted] = await server.query(
    `SELECT sum(rows_read)::integer AS rows, sum(late)::integer AS late FROM ${table}`,
  )
  expect(counted).toEqual({ rows: ROWS, late: 0 })
}

it(
  `process killed ${KILLS} times at random while rows flow into the table: exact, no row twice`,
  async () => {
    const random = randomOf('process killed')
    const replay = cli.start('replay', SOURCE, '--rate', '8k/s')
    for (let kill = 0; kill < KILLS; kill++) {
      const before = await storedOrNone()
      const victim = cli.start('process', ...args())
      // it shall be at work: between a row's commit in the table and its lane's in the log, as often as not
      for (; (await storedOrNone()) === before; await sleep(20)) {
        if (victim.child.exitCode !== null) throw new Error((await victim.ended).stderr)
      }
      await sleep(random() * 300)
      victim.child.kill('SIGKILL')
      expect((await victim.ended).signal).toBe('SIGKILL')
    }
    expect((await replay.ended).code).toBe(0)
    const last = cli.start('process', ...args())
    await untilRead(cli)
    last.child.kill('SIGINT')
    expect((await last.ended).code).toBe(130)
    await expectExact()
  },
  SLOW,
)

it(
  'the server killed and started again while rows flow: exact, and said so',
  async () => {
    const random = randomOf('server killed')
    const processing = cli.start('process', ...args(), '--json')
    const replay = cli.start('replay', SOURCE, '--rate', '18k/s')
    for (let kill = 0; kill < 3; kill++) {
      await sleep(1000 + random() * 1500)
      await server.kill()
      await sleep(random() * 500)
      await server.startServer()
    }
    expect((await replay.ended).code).toBe(0)
    await untilRead(cli)
    processing.child.kill('SIGINT')
    const { code, stdout, stderr } = await processing.ended
    expect(code, stderr).toBe(130)
    const { sinks } = JSON.parse(stdout)
    expect(sinks).toMatchObject([{ fallenBack: 0, dropped: 0 }])
    expect(sinks[0].retried).toBeGreaterThan(0)
    expect(stderr).toMatch(/^cannot write postgres:.*it is tried again \(retries=100\)$/m)
    await expectExact()
  },
  SLOW,
)

it(
  'a server that stays away ends the run with one sentence, and the next run has everything',
  async () => {
    const replay = cli.start('replay', SOURCE, '--rate', '18k/s')
    const short = ['--to', server.uri(`?table=${table}&retries=2`), '--interval', '100ms']
    const processing = cli.start('process', ...short)
    while ((await storedOrNone()) === 0) await sleep(50)
    await server.kill()
    const { code, stderr } = await processing.ended
    await server.startServer()
    expect(code).toBe(1)
    expect(stderr.replaceAll(/[\s›]+/g, ' ')).toMatch(/cannot write postgres:\S+: .*\(tried 3 times\)/)
    expect((await replay.ended).code).toBe(0)
    const next = cli.start('process', ...short)
    await untilRead(cli)
    next.child.kill('SIGINT')
    await next.ended
    await expectExact()
  },
  SLOW,
)

async function storedOrNone(): Promise<number> {
  const rows = await server.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`).catch(() => [])
  return rows[0]?.count ?? 0
}
