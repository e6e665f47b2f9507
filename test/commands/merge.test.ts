import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { open, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it } from 'vitest'
import { rootJson } from '../../src/core/interchange/root.js'
import { uhiJson } from '../../src/core/interchange/uhi.js'
import { parseResult } from '../../src/core/results/parse-result.js'
import type { Result } from '../../src/core/results/result.js'
import { formatRunFile } from '../../src/core/run-file/format-run-file.js'
import { DEFAULT_RUN, type RunFile } from '../../src/core/run-file/run-file.js'
import { EXIT } from '../../src/errors.js'
import { CLEAN_TOPIC } from '../../src/log/default-topics.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { openSink } from '../../src/sinks/registry.js'
import { resultOfSize } from '../support/results.js'
import { runCli, startCli } from '../support/run-cli.js'
import { sparkResults } from '../support/spark-job.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const merge = (...args: string[]) => runCli(['merge', ...args], options())
const options = () => ({ cwd: folder, env: { DTSTREAM_LOG: path.join(folder, 'log') } })
const at = (name: string) => path.join(folder, name)

/** Results of one lane, each covering the 100 rows after the one before, but for a gap of 50 before the one numbered `gap`. */
function chain(numbers: number[], gap = Number.POSITIVE_INFINITY): Result[] {
  return numbers.map((n) => {
    const from = n * 100 + (n >= gap ? 50 : 0)
    return {
      ...resultOfSize(160, n),
      source: [{ topic: 'data_raw', partition: 0, from, to: from + 100, watermark: n }],
    }
  })
}

async function writeLines(name: string, lines: (Result | string)[]): Promise<void> {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  await writeFile(at(name), texts.map((line) => `${line}\n`).join(''))
}

async function writeTopic(topic: string, results: Result[]): Promise<void> {
  const log = await openEmbeddedLog(at('log'))
  const sink = await openSink(`topic:${topic}`, { log: async () => log, stdout: process.stdout, group: 'test' })
  for (const result of results) await sink.write(result)
  await sink.close()
  await log.close()
}

/** What is on stdout is one result and nothing else. */
function resultOn(stdout: string): Result {
  expect(stdout.split('\n')).toHaveLength(2)
  const result = parseResult(stdout)
  if (typeof result === 'string') throw new Error(result)
  return result
}

describe('dtstream merge', () => {
  it('adds what data_clean holds and writes the sum to stdout', async () => {
    await writeTopic(CLEAN_TOPIC.name, chain([0, 1, 2]))
    const { code, stdout, stderr } = await merge()
    expect(stderr).toBe('3 results added\n')
    expect(code).toBe(0)
    expect(resultOn(stdout)).toMatchObject({
      worker: 'merge',
      hit_count: 30,
      source: [{ topic: 'data_raw', partition: 0, from: 0, to: 300, watermark: 2 }],
    })
  })

  it.each([
    ['root.json', rootJson],
    ['uhi.json', uhiJson],
  ])('writes the sum as histograms, with the run file that the results were made with: .%s', async (form, write) => {
    const run: RunFile = { ...DEFAULT_RUN, name: 'other', drift_time: { low_ns: -50, high_ns: 450, width_ns: 5 } }
    await writeFile(at('run.yaml'), formatRunFile(run))
    const rows = 'sim:?seed=3&rows=20000'
    const of = ['--run', 'run.yaml']
    const to = ['--to', 'results.ndjson', '--to', `process.${form}`, '--interval', '1s']
    const processed = await runCli(['process', '--from', rows, ...of, ...to], options())
    expect(processed.code).toBe(0)
    const { code, stderr } = await merge('results.ndjson', ...of, '--to', `merge.${form}`)
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^\d+ results added\n$/)])
    const { stdout } = await merge('results.ndjson')
    const text = await readFile(at(`merge.${form}`), 'utf8')
    expect(text).toBe(write(resultOn(stdout), run))
    expect(await readFile(at(`process.${form}`), 'utf8')).toBe(text)
    const refused = await merge('results.ndjson', '--to', `default.${form}`)
    expect(refused.code).toBe(1)
    expect(refused.stderr.replaceAll(/\s+/g, ' ')).toContain("another run file than 'minidt'")
    expect((await readdir(folder)).filter((name) => name.startsWith('default'))).toEqual([])
  })

  it('reads topics and files, named with and without --from, and writes several sinks', async () => {
    await writeTopic('earlier', chain([0]))
    await writeLines('b.ndjson', chain([1]))
    await writeLines('c.jsonl', chain([2]))
    const { code, stdout } = await merge(
      ...['--from', 'topic:earlier', '--from', 'b.ndjson', '--to', 'sum.arrow', 'c.jsonl', '--to', 'sum.ndjson'],
      ...['--to', 'topic:sums', '--orbit-detail', 'none'],
    )
    expect([code, stdout]).toEqual([0, ''])
    const written = resultOn(await readFile(at('sum.ndjson'), 'utf8'))
    expect(written).toMatchObject({ hit_count: 30 })
    expect(written).not.toHaveProperty('active_tdc_chamber')
    for (const source of ['sum.arrow', 'topic:sums']) {
      expect(resultOn((await merge(source)).stdout)).toEqual(written)
    }
  })

  it('tells of what it leaves out, and of gaps', async () => {
    const foreign = Array.from({ length: 7 }, (_, i) => `{"msg_ID": ${i}}`)
    await writeLines('a.ndjson', [...foreign, ...chain([0, 1, 1, 2], 2)])
    const { code, stdout, stderr } = await merge('a.ndjson')
    expect(code).toBe(0)
    expect(resultOn(stdout).hit_count).toBe(30)
    const words = stderr.replaceAll(/\s+/g, ' ')
    expect(words).toContain('a.ndjson, line 1 is no result: it has no field schema: {"msg_ID": 0}')
    expect(words).toContain('line 5 is no result')
    expect(words).not.toContain('line 6')
    expect(words).toContain('7 messages or lines in all are no results')
    expect(words).toContain('1 result left out: the rows counted there are in the sum already')
    expect(words).toContain('gap: no result covers data_raw/0 from 200 up to 250')
  })

  it('prints the summary with --json, and with a stdout sink the sum alone', async () => {
    await writeLines('a.ndjson', ['hello', ...chain([0, 1, 1, 2], 2)])
    const { code, stdout } = await merge('a.ndjson', '--json', '--to', 'sum.ndjson')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      results: 3,
      repeated: 1,
      gaps: [{ source: 'data_raw/0', from: 200, to: 250 }],
      foreign: 1,
    })
    const both = await merge('a.ndjson', '--json')
    expect(resultOn(both.stdout).hit_count).toBe(30)
  })

  it('leaves nothing behind where there is nothing to add, or it does not fit together', async () => {
    await writeLines('empty.ndjson', [])
    await writeLines('mixed.ndjson', [...chain([0]), ...chain([1]).map((one) => ({ ...one, geometry: 'another' }))])
    const empty = await merge('empty.ndjson', '--to', 'sum.ndjson', '--to', 'sum.arrow')
    expect(empty).toMatchObject({ code: EXIT.failure, stdout: '' })
    expect(empty.stderr).toContain('there are no results in empty.ndjson')
    const mixed = await merge('mixed.ndjson', '--to', 'sum.ndjson')
    expect(mixed.code).toBe(EXIT.failure)
    expect(mixed.stderr).toContain('results of different geometry cannot be added')
    expect((await readdir(folder)).sort()).toEqual(['empty.ndjson', 'mixed.ndjson'])
  })

  it('says that there is no data_clean yet', async () => {
    const { code, stderr } = await merge()
    expect(code).toBe(EXIT.failure)
    expect(stderr).toContain('there is no topic data_clean')
  })

  it('gives up in order when interrupted', async () => {
    execFileSync('mkfifo', [at('endless.ndjson')])
    const child = startCli(['merge', 'endless.ndjson', '--to', 'sum.ndjson'], options())
    const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    // open for reading too, and not to be waited for, so that nothing here hangs when the child reads no more
    const fifo = await open(at('endless.ndjson'), constants.O_RDWR | constants.O_NONBLOCK)
    const feeding = feed(fifo, child)
    while (!(await readdir(folder)).some((name) => name.startsWith('.sum.ndjson.'))) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    child.kill('SIGINT')
    const [stdout, stderr, [code]] = await ended
    await feeding
    await fifo.close()
    expect(stdout).toBe('')
    expect(stderr).toBe('interrupted: nothing was written\n')
    expect(code).toBe(EXIT.interrupted)
    expect((await readdir(folder)).sort()).toEqual(['endless.ndjson'])
  })
})

/** Writes results, each of less than the 4096 bytes that a pipe takes whole, until the child has ended. */
async function feed(fifo: Awaited<ReturnType<typeof open>>, child: ReturnType<typeof startCli>): Promise<void> {
  for (let n = 0; child.exitCode === null && child.signalCode === null; n++) {
    await fifo.write(`${JSON.stringify(chain([n])[0])}\n`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EAGAIN') throw error
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('merge of what a Spark job sends', () => {
  const partitions = [0, 7].map((first) =>
    Array.from({ length: 250 }, (_, i) => ({ offset: first + 2 * i, records: [`2,0,7,${100 * i + first},100,5`] })),
  )

  it('adds rows and windows, tells of hits in no window, and takes no hole for a gap', async () => {
    const { rows, windows } = sparkResults({ partitions })
    await writeLines('job.ndjson', [...rows, ...rows.slice(-1), ...windows.slice(0, -1)])
    const { stdout, stderr, code } = await merge('job.ndjson')
    expect(code).toBe(0)
    const left = windows.at(-1)?.hit_count ?? 0
    expect(resultOn(stdout)).toMatchObject({ rows: { read: 500, hits: 500 }, hit_count: 500 - left })
    expect(stderr).toContain(`${left} hits in no window yet`)
    expect(stderr).toContain('1 result left out')
    expect(stderr).not.toContain('gap')
    const json = await merge('job.ndjson', '--to', 'null:', '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ gaps: [], hitsInNoWindow: left })
  })

  it('refuses two jobs that count the same rows', async () => {
    const [one, other] = [sparkResults({ partitions }), sparkResults({ partitions, group: 'other', perBatch: 60 })]
    await writeLines('jobs.ndjson', [...one.rows, ...one.windows, ...other.rows])
    const { stderr, code } = await merge('jobs.ndjson')
    expect(code).toBe(EXIT.failure)
    expect(stderr.replace(/\s+/g, ' ')).toContain('would be counted twice: by two Spark jobs')
  })
})
