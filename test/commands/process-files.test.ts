import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableFromIPC } from 'apache-arrow'
import { beforeEach, describe, expect, it } from 'vitest'
import Process from '../../src/commands/process.js'
import { fromResultBatch } from '../../src/core/results/arrow-results.js'
import { compareCounts } from '../../src/core/results/compare.js'
import { parseResult } from '../../src/core/results/parse-result.js'
import type { Result } from '../../src/core/results/result.js'
import { EXIT } from '../../src/errors.js'
import { CLEAN_TOPIC } from '../../src/log/default-topics.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { valuesOf } from '../log/messages.js'
import { runInProcess } from '../support/in-process.js'
import { expectExact, sum } from '../support/lane.js'
import { oracleCounts, recordsIn } from '../support/oracle.js'
import { expectSameResults } from '../support/results.js'
import { runCli, startCli } from '../support/run-cli.js'
import { stream, textOf } from '../support/stream.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const FIXTURE = new URL('../fixtures/minidt_head_72.txt', import.meta.url).pathname

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const at = (name: string) => path.join(folder, name)
const options = () => ({ cwd: folder, env: { DTSTREAM_LOG: at('log') } })
const processFiles = (...args: string[]) => runCli(['process', ...args], options())

/** Results one a line, and nothing else. */
function resultsIn(ndjson: string): Result[] {
  const lines = ndjson.split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => {
    const result = parseResult(line)
    if (typeof result === 'string') throw new Error(result)
    return result
  })
}

async function topicResults(): Promise<Result[]> {
  const log = await openEmbeddedLog(at('log'))
  try {
    return resultsIn((await valuesOf(await log.reader(CLEAN_TOPIC.name, 0, 0))).map((value) => `${value}\n`).join(''))
  } finally {
    await log.close()
  }
}

describe('dtstream process of files', () => {
  it('prints one result of everything, exact, and its words elsewhere', async () => {
    const { code, stdout, stderr } = await processFiles('--from', FIXTURE, '--to', 'stdout:', '--json')
    expect(stderr).toBe('')
    expect(code).toBe(EXIT.ok)
    const results = resultsIn(stdout)
    expect(results).toHaveLength(1)
    expectExact(results[0], oracleCounts(recordsIn(await readFile(FIXTURE))))
  })

  it('cuts results by the interval, and sends them to several sinks at once', async () => {
    const rows = textOf(stream({ seed: 8, orbits: 9000, start: 3_387_200_000, mostApart: 30 }))
    const middle = rows.indexOf('\n', rows.length / 2) + 1
    await writeFile(at('data_2.txt'), rows.slice(0, middle))
    await writeFile(at('data_10.txt'), rows.slice(middle))
    const sinks = ['stdout:', 'cut.ndjson', 'cut.arrow', `topic:${CLEAN_TOPIC.name}`].flatMap((uri) => ['--to', uri])
    const cut = await processFiles('--from', 'data_*.txt', '--interval', '1s', ...sinks)
    expect([cut.code, cut.stderr]).toEqual([
      EXIT.ok,
      expect.stringMatching(/^process: 100 %, .* rows, .*\/s, (\S+ \S+) of \1\n\S+ k rows read, 12 results sent\n$/),
    ])
    const results = resultsIn(cut.stdout)
    expect(results).toHaveLength(12)
    expect(await readFile(at('cut.ndjson'), 'utf8')).toBe(cut.stdout)
    expectSameResults(await topicResults(), results)
    const batches = tableFromIPC(await readFile(at('cut.arrow'))).batches
    expectSameResults(
      batches.flatMap((batch) => [...fromResultBatch(batch)] as Result[]),
      results,
    )

    const whole = await processFiles(
      '--from',
      'data_2.txt',
      '--from',
      'data_10.txt',
      '--to',
      'stdout:',
      '--no-progress',
    )
    const [result] = resultsIn(whole.stdout)
    expectExact(result, oracleCounts(recordsIn(Buffer.from(rows))))
    expect(compareCounts(result, sum(results))).toEqual([])
  })

  it('shows the first records that cannot be read, and counts them all', async () => {
    const long = `long ${'x'.repeat(200)}`
    await writeFile(at('bad.txt'), `2,0,1,1,1,1\n${long}\n${'bad\n'.repeat(50)}`)
    const { code, stdout, stderr } = await processFiles('--from', 'bad.txt', '--to', 'null:', '--json')
    expect(code).toBe(EXIT.ok)
    expect(stderr.split('\n')).toEqual([
      `cannot be read as a record: bad.txt byte 12: ${long.slice(0, 79)}…`,
      ...[218, 222, 226, 230].map((byte) => `cannot be read as a record: bad.txt byte ${byte}: bad`),
      'more records cannot be read; they are counted as malformed',
      '',
    ])
    const sinks = [{ name: 'null:', written: 1, retried: 0, fallenBack: 0, dropped: 0 }]
    expect(JSON.parse(stdout)).toEqual({ read: 52, late: 0, malformed: 51, results: 1, sinks })
  })

  it('ends at the first of them with --strict, and leaves nothing behind', async () => {
    await writeFile(at('bad.txt'), '2,0,1,1,1,1\nbad\n')
    const { code, stdout, stderr } = await processFiles('--from', 'bad.txt', '--to', 'out.arrow', '--strict')
    expect([code, stdout]).toEqual([EXIT.failure, ''])
    expect(stderr).toContain('cannot be read as a record: bad.txt byte 12: bad')
    expect(await readdir(folder)).toEqual(['bad.txt'])
  })

  it('refuses topics and files at once, and files that are not there', async () => {
    const run = (...args: string[]) =>
      runInProcess((config) => Process.run([...args, '--log', at('log')], config), folder)
    const mixed = await run('--from', 'topic:data_raw', '--from', FIXTURE)
    const missing = await run('--from', 'missing.txt', '--to', at('out.ndjson'))
    expect(mixed.code).toBe(EXIT.usage)
    expect(mixed.error?.message).toContain('one topic, or files, can be processed at a time')
    expect(missing.code).toBe(EXIT.failure)
    expect(missing.error?.message).toContain('no such file: missing.txt')
    expect((await readdir(folder)).filter((name) => name.includes('out'))).toEqual([])
  })

  it('interrupted, gives a result of what was read till then', async () => {
    const child = startCli(['process', '--from', 'sim:', '--to', 'out.ndjson'], options())
    const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    while (!(await readdir(folder)).some((name) => name.startsWith('.out.ndjson.'))) await sleep(20)
    child.kill('SIGINT')
    const [stdout, stderr, [code]] = await ended
    expect([code, stdout]).toEqual([EXIT.interrupted, ''])
    expect(stderr).toMatch(/^interrupted after \S+( [kMG])? rows: 1 result sent, of these rows alone$/m)
    const [result] = resultsIn(await readFile(at('out.ndjson'), 'utf8'))
    expect(result.source).toMatchObject([{ name: 'sim:', from: 0, to: result.rows.read }])
  })
})
