import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Audit } from '../../../src/audit/audit.js'
import type { Result } from '../../../src/core/results/result.js'
import type { Cli } from '../../support/built-cli.js'
import { wideCli } from '../errors/refusal.js'
import { haveKcat, KCAT_MISSING, kcatConsume, kcatProduce } from '../support/kcat.js'
import { LocalKafka } from '../support/local-kafka.js'
import { plainClient, withAdmin } from '../support/plain-client.js'
import { PYTHON_MISSING, type Python, preparePython } from './python.js'

const ROWS = 4000
/** Python's libraries may have to be fetched. */
const SET_UP_MS = 300_000
const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const

let kafka: LocalKafka
let cli: Cli
let server: string[]
/** rows as text, one a line, and what the batch analysis makes of them */
let file: string
let batch: Result
let lines: string[]
let python: Python | undefined

beforeAll(async () => {
  kafka = await LocalKafka.start()
  cli = wideCli()
  server = ['--bootstrap-server', kafka.bootstrap]
  file = join(cli.folder, 'rows.txt')
  python = await preparePython()
  await replayed('source')
  lines = []
  for (let partition = 0; partition < 10; partition++)
    lines.push(...(await kcatConsume({ bootstrap: kafka.bootstrap }, { topic: 'source', partition })))
  lines = lines.filter((line) => line !== '').sort((a, b) => orbitOf(a) - orbitOf(b))
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  batch = JSON.parse((await cli.run('process', '--from', file, '--to', 'stdout:', '--no-progress')).stdout)
}, SET_UP_MS)
afterAll(async () => {
  cli?.dispose()
  await kafka?.stop()
})

const missing = !haveKcat()
beforeEach(({ skip }) => {
  skip(missing, KCAT_MISSING)
  skip(!python, PYTHON_MISSING)
})

const orbitOf = (line: string) => Number(line.split(',')[3])

function replayed(topic: string) {
  return cli.run('replay', `sim:?rows=${ROWS}&seed=5`, '--to', `topic:${topic}`, '--rate', 'max', ...server)
}

async function create(topic: string): Promise<void> {
  const made = await cli.run('topics', 'create', topic, '--partitions', '1', ...server)
  expect(made.stderr).toBe('')
}

/** Processes a topic of one partition to its end: the sum of its results, and the audit. */
async function processed(topic: string): Promise<{ sum: Result; audit: Audit }> {
  const to = `topic:${topic}_clean`
  const { child, ended } = cli.start('process', '--from', `topic:${topic}`, '--to', to, '--idle', '500ms', ...server)
  const audited = () => cli.run('audit', '--raw', `topic:${topic}`, '--clean', to, '--no-progress', '--json', ...server)
  let audit: Partial<Audit> = {}
  while (audit.pending !== 0 || audit.rows === 0) {
    if (child.exitCode !== null) throw new Error((await ended).stderr)
    audit = JSON.parse((await audited()).stdout || '{}')
  }
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  const sum = JSON.parse((await cli.run('merge', '--from', to, ...server)).stdout)
  return { sum, audit: JSON.parse((await audited()).stdout) }
}

/** All six results, and how many rows were read, are those of the batch analysis. */
function expectAll({ sum, audit }: { sum: Result; audit: Audit }): void {
  expect(audit).toMatchObject({ verdict: 'exact', pending: 0, rows: lines.length, late: 0 })
  for (const name of ['rows', 'hit_count', 'hit_count_chamber', 'tdc_counts_chamber', 'active_tdc_chamber'] as const)
    expect(sum[name]).toEqual(batch[name])
  for (const name of ['tdc_counts_scintillator_chamber', 'drift_time_chamber'] as const)
    expect(sum[name]).toEqual(batch[name])
}

describe('a topic filled by others', () => {
  it.each([undefined, ...CODECS])('kcat, compressed by %s', async (codec) => {
    const topic = `kcat-${codec}`
    await create(topic)
    await kcatProduce({ bootstrap: kafka.bootstrap }, { topic, from: { file }, ...(codec ? { codec } : {}) })
    expectAll(await processed(topic))
  })

  it.each(['confluent-kafka none', 'confluent-kafka lz4', 'kafka-python gzip'])('Python: %s', async (how) => {
    if (!python) throw new Error(PYTHON_MISSING)
    const [library, codec] = how.split(' ')
    const topic = `python-${library}-${codec}`
    await create(topic)
    await python.run('produce.py', [library, kafka.bootstrap, topic, codec, file])
    expectAll(await processed(topic))
  })

  it('and by us, one after the other', async () => {
    const topic = 'both'
    await create(topic)
    const half = join(cli.folder, 'half.txt')
    const rest = join(cli.folder, 'rest.txt')
    writeFileSync(
      half,
      lines
        .slice(0, 2000)
        .map((line) => `${line}\n`)
        .join(''),
    )
    writeFileSync(
      rest,
      lines
        .slice(2000)
        .map((line) => `${line}\n`)
        .join(''),
    )
    await kcatProduce({ bootstrap: kafka.bootstrap }, { topic, from: { file: half }, codec: 'zstd' })
    await cli.run('replay', rest, '--to', `topic:${topic}`, '--rate', 'max', ...server)
    expectAll(await processed(topic))
  })
})

describe('a topic whose first rows were deleted', () => {
  it('before anybody counted them: what is left is counted, exactly', async () => {
    const topic = 'trimmed'
    await create(topic)
    await kcatProduce({ bootstrap: kafka.bootstrap }, { topic, from: { file } })
    await deleteBefore(topic, 1500)
    const { sum, audit } = await processed(topic)
    expect(sum.rows.read).toBe(lines.length - 1500)
    expect(audit).toMatchObject({ verdict: 'exact', pending: 0 })
  })

  it('while nobody counted: process says which, and audit finds the gap', async () => {
    const topic = 'overtaken'
    await create(topic)
    const first = join(cli.folder, 'first.txt')
    writeFileSync(
      first,
      lines
        .slice(0, 1000)
        .map((line) => `${line}\n`)
        .join(''),
    )
    await kcatProduce({ bootstrap: kafka.bootstrap }, { topic, from: { file: first } })
    await processed(topic)
    const rest = join(cli.folder, 'later.txt')
    writeFileSync(
      rest,
      lines
        .slice(1000)
        .map((line) => `${line}\n`)
        .join(''),
    )
    await kcatProduce({ bootstrap: kafka.bootstrap }, { topic, from: { file: rest } })
    await deleteBefore(topic, 2500)
    const to = `topic:${topic}_clean`
    const { child, ended } = cli.start('process', '--from', `topic:${topic}`, '--to', to, '--idle', '500ms', ...server)
    let audit = await cli.run('audit', '--raw', `topic:${topic}`, '--clean', to, '--no-progress', ...server)
    while (!audit.stdout.includes('gap')) {
      audit = await cli.run('audit', '--raw', `topic:${topic}`, '--clean', to, '--no-progress', ...server)
    }
    child.kill('SIGINT')
    expect((await ended).stderr).toMatch(/retention has deleted offsets 1000 to 2499 of overtaken\/0 before they were/)
    expect(audit.stdout).toMatch(/gap before result \d+: no result covers offsets 1000 up to 2500/)
    expect(audit.code).toBe(1)
  })

  async function deleteBefore(topic: string, offset: number): Promise<void> {
    const partitions = [{ partition: 0, offset: String(offset) }]
    await withAdmin(plainClient(kafka.bootstrap), async (admin) => {
      // it deletes only in topics that it knows
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions })
    })
  }
})

describe('a consumer of the original kind', () => {
  it('reads our rows, one a message, and our results', async () => {
    if (!python) throw new Error(PYTHON_MISSING)
    const { sum } = await processedByUs()
    const seen = JSON.parse(await promisedRows())
    expect(seen.rows.sort()).toEqual([...lines].sort())
    expect(seen.hits).toBe(sum.hit_count)
    expect(seen.fields).toEqual(
      expect.arrayContaining(['msg_ID', 'hit_count', 'hit_count_chamber', 'tdc_counts_chamber', 'active_tdc_chamber']),
    )
  })

  async function processedByUs() {
    await create('ours')
    await cli.run('replay', file, '--to', 'topic:ours', '--rate', 'max', ...server)
    return processed('ours')
  }

  async function promisedRows(): Promise<string> {
    return (await python?.run('consume.py', [kafka.bootstrap, 'ours', 'ours_clean'])) ?? ''
  }
})
