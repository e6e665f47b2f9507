import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { MESSAGE_KIND } from '../../src/log/log.js'
import { readResults } from '../../src/sources/results/read-results.js'
import { untilRead } from '../end-to-end/until-read.js'
import { outgoing, readAll } from '../log/messages.js'
import { Cli } from '../support/built-cli.js'
import { type JobMessage, sparkResults } from '../support/spark-job.js'

const ROWS = 3000
let cli: Cli
beforeAll(async () => {
  cli = new Cli()
  await cli.run('replay', `sim:?seed=3&rows=${ROWS}`, '--rate', 'max')
  const processing = cli.start('process')
  await untilRead(cli)
  processing.child.kill('SIGINT')
  expect((await processing.ended).code).toBe(130)
  await tamper()
})
afterAll(() => cli.dispose())

/** Puts the results on another topic, behind a message that is none, and with one count of lane 4 changed. */
async function tamper(): Promise<void> {
  const log = await openEmbeddedLog(join(cli.folder, 'log'))
  const results: Result[] = []
  const context = { log: async () => log, onForeign: () => expect.fail() }
  for await (const result of readResults(['topic:data_clean'], context)) results.push(result)
  const one = results.find(({ source: [range] }) => 'partition' in range && range.partition === 4)
  if (one) one.rows.ancillary += 1000
  await log.createTopic({ name: 'tampered', partitions: 1 })
  await log.append('tampered', [outgoing(0, ['hello', ...results.map((result) => JSON.stringify(result))])])
  await log.close()
}

it('says that all is exact, and ends with 0', async () => {
  const { code, stdout } = await cli.run('audit')
  expect(stdout).toMatch(new RegExp(`^exact: \\d+ results of 10 lanes, ${ROWS} rows\n$`))
  expect(code).toBe(0)
})

it('says what differs, and ends with 1', async () => {
  const { code, stdout, stderr } = await cli.run('audit', '--clean', 'topic:tampered', '--no-progress')
  const [difference, verdict] = stdout.split('\n')
  expect(difference).toMatch(/^lane 4: result \d+: rows.ancillary is 1\d{3}, should be \d{1,3}$/)
  expect(verdict).toMatch(/^different: \d+ results of 10 lanes/)
  expect(stderr).toBe('passed over, no result: tampered/0 @ 0: it is not JSON\n')
  expect(code).toBe(1)
})

it('prints the verdict as JSON with --json, with the same exit codes', async () => {
  const exact = await cli.run('audit', '--json')
  expect(JSON.parse(exact.stdout)).toMatchObject({
    ...{ verdict: 'exact', rows: ROWS, late: 0, pending: 0, unchecked: 0, unkept: 0, results: expect.any(Number) },
    lanes: Array.from({ length: 10 }, (_, partition) => ({
      partition,
      breaks: [],
      differences: [],
      moreDifferences: 0,
    })),
  })
  expect([exact.stderr, exact.code]).toEqual(['', 0])
  const different = await cli.run('audit', '--json', '--clean', 'tampered')
  const { verdict, lanes } = JSON.parse(different.stdout)
  expect(verdict).toBe('different')
  expect(lanes[4].differences).toEqual([
    { msg_ID: expect.any(Number), field: 'rows.ancillary', expected: expect.any(Number), found: expect.any(Number) },
  ])
  expect(different.code).toBe(1)
})

it.each([
  ['a group without results', ['--group', 'nobody'], "there are no results of the group 'nobody' for data_raw"],
  ['a topic of rows that is not there', ['--raw', 'topic:nowhere'], 'there is no topic nowhere in '],
  ['a topic of results that is not there', ['--clean', 'topic:nowhere'], 'there is no topic nowhere in '],
])('ends with 1 and a sentence for %s', async (_name, flags, sentence) => {
  const { code, stdout } = await cli.run('audit', '--json', ...flags)
  expect(JSON.parse(stdout).error.message).toContain(sentence)
  expect(code).toBe(1)
})

it('audits a Spark job of the same rows', async () => {
  const log = await openEmbeddedLog(join(cli.folder, 'log'))
  const { partitions = 0 } = (await log.topic('data_raw')) ?? {}
  const read: JobMessage[][] = []
  for (let partition = 0; partition < partitions; partition++) {
    const reader = await log.reader('data_raw', partition, 0)
    const messages = (await readAll(reader)).filter(({ kind }) => kind === MESSAGE_KIND.text)
    read.push(messages.map(({ offset, value }) => ({ offset, records: value.split('\n') })))
    await reader.close()
  }
  const { rows, windows } = sparkResults({ group: 'job', partitions: read })
  await log.createTopic({ name: 'of_job', partitions: 1 })
  await log.append('of_job', [
    outgoing(
      0,
      [...windows, ...rows].map((result) => JSON.stringify(result)),
    ),
  ])
  await log.close()
  const { code, stdout } = await cli.run('audit', '--clean', 'topic:of_job', '--group', 'job')
  expect(stdout).toBe(`exact: ${rows.length + windows.length} results of a Spark job, ${ROWS} rows\n`)
  expect(code).toBe(0)
})
