import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import Replay from '../../src/commands/replay.js'
import { EXIT } from '../../src/errors.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'
import { runInProcess } from '../support/in-process.js'
import { count, entriesIn, entriesOfSource, rowsOf, sharedOut, TOPIC } from '../support/replayed.js'
import { manyRecords, textFile } from '../support/row-files.js'
import { runCli, startCli } from '../support/run-cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const FIXTURE = new URL('../fixtures/minidt_head_72.txt', import.meta.url).pathname
const TEN = 10

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const at = (name: string) => path.join(folder, name)
const options = () => ({ cwd: folder, env: { DTSTREAM_LOG: at('log') } })
const replay = (...args: string[]) => runCli(['replay', ...args], options())

async function replayJson(...args: string[]) {
  const { code, stdout, stderr } = await replay(...args, '--json')
  expect(code, stderr).toBe(EXIT.ok)
  return { summary: JSON.parse(stdout) as Record<string, unknown>, stderr }
}

async function withLog<T>(use: (log: Log) => Promise<T>): Promise<T> {
  const log = await openEmbeddedLog(at('log'))
  try {
    return await use(log)
  } finally {
    await log.close()
  }
}

/** The topic holds the rows of the source, whole, and so many end marks in each partition. */
async function expectReplayed(uris: string[], ends: number): Promise<void> {
  const source = await entriesOfSource(uris)
  const partitions = await withLog(entriesIn)
  expect(partitions.map(rowsOf)).toEqual(sharedOut(source, TEN))
  expect(count(partitions.flat(), 'malformed')).toBe(count(source, 'malformed'))
  expect(partitions.map((entries) => count(entries, 'end'))).toEqual(new Array(TEN).fill(ends))
}

/** Starts a replay, waits until rows are in the log, and interrupts it. */
async function interrupted(...args: string[]) {
  const child = startCli(['replay', ...args], options())
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  await withLog(async (log) => {
    while (!(await log.topic(TOPIC))?.offsets.some(({ end }) => end > 0)) await sleep(20)
  })
  child.kill('SIGINT')
  const [stdout, stderr, [code]] = await ended
  return { stdout, stderr, code: code as number | null }
}

describe('dtstream replay', () => {
  it('takes the simulator where no source is named, and makes the topic', async () => {
    const { code, stdout, stderr } = await replay('--limit', '1k', '--rate', 'max')
    expect([code, stdout]).toEqual([EXIT.ok, ''])
    expect(stderr).toMatch(/^replay: 100 %, 1000 of 1000 rows, \S+( k)?\/s$/m)
    expect(stderr).toMatch(/^1000 rows sent to data_raw in \d+ s \(.*\/s\); the limit is reached$/m)
    await expectReplayed(['sim:?rows=1000'], 1)
    await withLog(async (log) => expect(await log.topic(TOPIC)).toMatchObject({ partitions: TEN, keyedByOrbit: true }))
  })

  it('sends several files, folders and URIs, one after the other, to the topic that is named', async () => {
    await mkdir(at('data'))
    const records = manyRecords(2500)
    await writeFile(at('data/rows_2.txt'), textFile(records.slice(0, 1000)))
    await writeFile(at('data/rows_10.csv'), textFile(records.slice(1000, 2000), '\r\n'))
    await writeFile(at('last.txt'), textFile(records.slice(2000)))
    const { summary, stderr } = await replayJson(
      ...['data', 'last.txt', '--from', 'sim:?rows=50', '--to', 'mine', '--format', 'lines', '--rate', 'max'],
    )
    expect(stderr).toBe('')
    expect(summary).toMatchObject({
      ...{ topic: 'mine', rows: 2548, malformed: 2, sent: 2548, loops: 1, done: true },
      position: { part: 3, id: 'sim:?rows=50', at: 50 },
    })
    const topics = await withLog((log) => log.topics())
    expect(topics.map(({ name }) => name)).toEqual(['mine'])
  })

  it('keeps to a rate, and to the rows’ own clock', async () => {
    const [atRate, atSpeed] = await Promise.all([
      replayJson('--rate', '500/s', '--limit', '300', '--to', 'a'),
      replayJson(FIXTURE, '--speed', '1000x', '--to', 'b', '--batch', '10'),
    ])
    expect(atRate.summary).toMatchObject({ rows: 300, done: true })
    expect(atRate.summary.seconds).toBeGreaterThanOrEqual(0.6)
    expect(atRate.summary.rate).toBeLessThanOrEqual(500)
    expect(atSpeed.summary).toMatchObject({ rows: 74, done: true })
  })

  it('refuses what it cannot do, in one sentence', async () => {
    const cases: [args: string[], code: number, sentence: string][] = [
      [['--rate', 'fast'], EXIT.usage, "'fast' is not a rate"],
      [['--rate', '10/s', '--speed', '1x'], EXIT.usage, '--speed=1 cannot also be provided when using --rate'],
      [['--rate', '0/s'], EXIT.usage, "'0/s' is not a rate: it must be above 0"],
      [['--speed', '0x'], EXIT.usage, "'0x' is not a speed"],
      [['--to', 'file:x.txt'], EXIT.usage, 'file:x.txt is not a topic'],
      [['missing.txt'], EXIT.failure, 'no such file: missing.txt'],
      [['topic:data_raw'], EXIT.usage, 'topic:data_raw cannot be replayed into itself'],
      [['nowhere:x'], EXIT.usage, "nowhere:x: there is no source 'nowhere:'"],
    ]
    for (const [args, code, sentence] of cases) {
      const ended = await runInProcess((config) => Replay.run([...args, '--log', at('log')], config), folder)
      expect([ended.code, ended.stdout]).toEqual([code, ''])
      expect(ended.error?.message).toContain(sentence)
    }
  })

  it('says that a source has no rows, or none that can be read', async () => {
    await writeFile(at('empty.txt'), '')
    await writeFile(at('bad.txt'), 'bad\nworse\n')
    const [empty, bad] = await Promise.all([replay('empty.txt', '--loop'), replay('bad.txt', '--no-progress')])
    expect(empty.code).toBe(EXIT.failure)
    expect(empty.stderr).toContain('no rows in empty.txt')
    expect(bad.code).toBe(EXIT.ok)
    expect(bad.stderr).toMatch(
      /^0 rows and 2 records that cannot be read sent to data_raw in \d+ s \(0\/s\); the source has ended\n$/,
    )
  })
})

describe('dtstream replay --resume', () => {
  const SOURCE = 'sim:?seed=2&rows=9000'

  it('goes on where Ctrl-C stopped, and sends nothing where nothing is left', async () => {
    const stopped = await interrupted(SOURCE, '--rate', '1k/s', '--resume')
    expect([stopped.code, stopped.stdout]).toEqual([EXIT.interrupted, ''])
    expect(stopped.stderr).toContain('nothing to resume: starts at the beginning\n')
    const rows = Number(
      /; stopped at sim:\?seed=2&rows=9000 row (\d+), --resume goes on there$/m.exec(stopped.stderr)?.[1],
    )
    expect(rows).toBeGreaterThan(0)
    expect(rowsOf((await withLog(entriesIn)).flat())).toHaveLength(rows)

    const rest = await replayJson(SOURCE, '--rate', 'max', '--resume')
    expect(rest.summary).toMatchObject({ rows: 9000, sent: 9000 - rows, done: true })
    expect(rest.stderr).toMatch(/^goes on after \S+( k)? rows\n$/)
    await expectReplayed([SOURCE], 1)

    const nothing = await replay(SOURCE, '--resume')
    expect(nothing.code).toBe(EXIT.ok)
    expect(nothing.stderr).toMatch(/^nothing to send: all was sent before \(9000 rows\)$/m)
    await expectReplayed([SOURCE], 1)
  })

  it('goes on behind a limit, from another folder too', async () => {
    await mkdir(at('data'))
    await writeFile(at('data/rows.txt'), textFile(manyRecords(30)))
    await replay('data/rows.txt', '--rate', 'max', '--limit', '10')
    const elsewhere = await runCli(['replay', 'rows.txt', '--rate', 'max', '--resume'], {
      ...options(),
      cwd: at('data'),
    })
    expect(elsewhere.stderr).toMatch(/^20 rows sent to data_raw in \d+ s \(.*\), 30 in all; the source has ended$/m)
    await expectReplayed([at('data/rows.txt')], 2)
  })
})
