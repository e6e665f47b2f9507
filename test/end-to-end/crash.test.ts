import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Audit } from '../../src/audit/audit.js'
import { compareCounts } from '../../src/core/results/compare.js'
import type { Result } from '../../src/core/results/result.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { Cli, seeded } from '../support/built-cli.js'
import { untilRead, untilRows } from './until-read.js'

const KILLS = 20
const ROWS = 200_000
const SOURCE = `sim:?seed=11&rows=${ROWS}`
const SLOW = 240_000

let cli: Cli
beforeEach(() => {
  cli = new Cli()
})
afterEach(() => cli.dispose())

/** The sum of data_clean, and what it should be: the batch analysis of the source. */
async function sumAndTruth(): Promise<{ sum: Result; truth: Result }> {
  const [sum, truth] = await Promise.all([
    cli.run('merge', '--to', 'stdout:'),
    cli.run('process', '--from', SOURCE, '--to', 'stdout:'),
  ])
  return { sum: JSON.parse(sum.stdout) as Result, truth: JSON.parse(truth.stdout) as Result }
}

/** How many messages a topic has had so far. */
async function writtenTo(topic: string): Promise<number> {
  const log = await openEmbeddedLog(join(cli.folder, 'log'))
  const offsets = (await log.offsets(topic).finally(() => log.close())) ?? []
  return offsets.reduce((sum, { end }) => sum + end, 0)
}

async function untilMoreThan(before: number, topic: string): Promise<void> {
  while ((await writtenTo(topic)) <= before) await sleep(30)
}

/** Reads what is left, stops in order, and holds the results against the rows. */
async function expectExact(): Promise<void> {
  const last = cli.start('process', '--workers', '2')
  await untilRead(cli)
  last.child.kill('SIGINT')
  expect((await last.ended).code).toBe(130)
  const audit = await cli.json<Audit>('audit')
  expect(audit).toMatchObject({ verdict: 'exact', rows: ROWS, pending: 0, late: 0 })
  const { sum, truth } = await sumAndTruth()
  expect(compareCounts(truth, sum)).toEqual([])
}

it(
  `process killed ${KILLS} times at random while rows flow: exact`,
  async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1e6)
    console.log(`crash test: SEED=${seed}`)
    const random = seeded(seed)
    const replay = cli.start('replay', SOURCE, '--rate', '8k/s')
    for (let kill = 0; kill < KILLS; kill++) {
      const before = await writtenTo('data_clean')
      const victim = cli.start('process', '--workers', '2', '--interval', '100ms')
      // at work by then, as long as there are rows
      await Promise.race([untilMoreThan(before, 'data_clean'), replay.ended])
      await sleep(random() * 400)
      victim.child.kill('SIGKILL')
      expect((await victim.ended).signal).toBe('SIGKILL')
    }
    expect((await replay.ended).code).toBe(0)
    await expectExact()
  },
  SLOW,
)

it(
  `replay killed ${KILLS} times at random and resumed: no row lost or doubled`,
  async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1e6)
    console.log(`crash test: SEED=${seed}`)
    const random = seeded(seed)
    for (let kill = 0; kill < KILLS; kill++) {
      const before = await writtenTo('data_raw')
      const victim = cli.start('replay', SOURCE, '--rate', '20k/s', '--resume')
      await Promise.race([untilMoreThan(before, 'data_raw'), victim.ended])
      await sleep(random() * 300)
      victim.child.kill('SIGKILL')
      await victim.ended
    }
    const last = await cli.json<{ rows: number; done: boolean }>('replay', SOURCE, '--rate', 'max', '--resume')
    expect(last).toMatchObject({ rows: ROWS, done: true })
    await expectExact()
  },
  SLOW,
)

it(
  'Ctrl-C stops replay at a row, and --resume goes on there',
  async () => {
    const first = cli.start('replay', SOURCE, '--rate', '50k/s')
    await untilRows(cli)
    first.child.kill('SIGINT')
    const { code, stderr } = await first.ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/stopped at sim:\S+ row \d+, --resume goes on there/)
    const again = cli.start('replay', SOURCE, '--rate', 'max', '--resume')
    expect((await again.ended).code).toBe(0)
    await expectExact()
  },
  SLOW,
)

it(
  'a second process waits for the lanes of the first, and takes over when it is killed',
  async () => {
    const first = cli.start('process')
    await sleep(1000)
    const second = cli.start('process')
    let said = ''
    second.child.stderr?.on('data', (text: string) => {
      said += text
    })
    for (let i = 0; i < 100 && !said.includes('takes over'); i++) await sleep(50)
    expect(said).toMatch(/held in group dtstream by process \d+/)
    const replay = cli.run('replay', SOURCE, '--rate', 'max')
    await replay
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    await untilRead(cli)
    second.child.kill('SIGINT')
    await second.ended
    expect(await cli.json<Audit>('audit')).toMatchObject({ verdict: 'exact', rows: ROWS, pending: 0 })
  },
  SLOW,
)
