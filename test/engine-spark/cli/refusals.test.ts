import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JobBook } from '../../../src/spark/jobs/job-book.js'
import { freePort } from '../../../src/spark/server/free-port.js'
import { runCli } from '../../support/run-cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { ENTRY } from '../support/sample-job.js'

/** What a command says and how it ends, with nobody's Spark and a book of its own. */
async function refused(args: string[], { data = '', env = {} } = {}) {
  const folder = data || (await temporaryFolder())
  const own = {
    XDG_DATA_HOME: folder,
    DTSTREAM_LOG: join(folder, 'log'),
    SPARK_HOME: undefined,
    SPARK_REMOTE: undefined,
  }
  const { code, stderr } = await runCli(args, { env: { ...own, ...env } })
  return { code, words: stderr.replaceAll(/\s+/g, ' ') }
}

const onSpark = (...args: string[]) => refused(['process', '--engine', 'spark', ...args])

describe('dtstream process --engine spark is refused', () => {
  it.each<[string, string[], RegExp]>([
    ['without a Spark', [], /Error: it is not said which Spark to use .*--spark-remote .*--spark-home/],
    ['on the embedded log', ['--spark-remote', 'sc://localhost'], /not of the embedded log .*--bootstrap-server/],
    [
      'to two places',
      ['--to', 'topic:a', '--to', 'topic:b', '--spark-remote', 'sc://s'],
      /sends its results to one topic/,
    ],
    ['to a file', ['--to', 'results.ndjson', '--spark-remote', 'sc://s'], /results to one topic .*dtstream merge/],
    [
      'with workers',
      ['--workers', '2', '--spark-remote', 'sc://s'],
      /--workers cannot be with --engine spark here: Spark shares/,
    ],
    [
      'with conf that sessions do not set',
      ['--spark-remote', 'sc://s', '--spark-conf', 'spark.executor.memory=4g'],
      /spark\.executor\.memory cannot be set on a server that runs already/,
    ],
    ['at two Sparks', ['--spark-remote', 'sc://s', '--spark-home', '/s'], /--spark-home/],
  ])('%s', async (_, args, words) => {
    expect(await onSpark(...args)).toEqual({ code: 2, words: expect.stringMatching(words) })
  })

  it('with a token in an argument, which is not repeated', async () => {
    const { code, words } = await onSpark('--spark-remote', 'sc://spark/;token=hidden')
    expect(code).toBe(2)
    expect(words).toMatch(/a token stands in the connection string, .*DTSTREAM_SPARK_TOKEN/)
    expect(words).not.toContain('hidden')
  })

  it('without a broker, and does not wait for ever', async () => {
    const broker = `127.0.0.1:${await freePort()}`
    const { code, words } = await onSpark('--spark-remote', 'sc://localhost', '--bootstrap-server', broker)
    expect(words).toContain(broker)
    expect(code).toBe(1)
  })
})

it('flags of Spark are refused without it', async () => {
  const { code, words } = await refused(['process', '--detach'])
  expect(words).toMatch(/--detach is for Spark .*with --engine spark/)
  expect(code).toBe(2)
})

describe('dtstream jobs', () => {
  it('has no jobs at first', async () => {
    const { code, stdout } = await runCli(['jobs', 'list'], { env: { XDG_DATA_HOME: await temporaryFolder() } })
    expect(stdout).toBe('no jobs\n')
    expect(code).toBe(0)
  })

  it.each(['attach', 'stop'])('%s names the job that is most like one that is not there', async (command) => {
    const data = await temporaryFolder()
    await mkdir(join(data, 'dtstream'))
    new JobBook(join(data, 'dtstream', 'spark')).write(ENTRY)
    const broker = `127.0.0.1:${await freePort()}`
    const env = { DTSTREAM_LOG: undefined, KAFKA_BOOTSTRAP_SERVER: broker }
    const { code, words } = await refused(['jobs', command, 'cosmic'], { data, env })
    expect(words).toMatch(/there is no job cosmic .*cosmics/)
    expect(code).toBe(1)
  })

  it('lists a job whose Spark does not answer as lost, without its token', async () => {
    const data = await temporaryFolder()
    const endpoint = { ...ENTRY.endpoint, port: await freePort() }
    new JobBook(join(data, 'dtstream', 'spark')).write({ ...ENTRY, endpoint })
    const { stdout } = await runCli(['jobs', 'list', '--json'], { env: { XDG_DATA_HOME: data } })
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'cosmics', state: 'lost', spark: `127.0.0.1:${endpoint.port}` }])
    expect(stdout).not.toContain('hidden')
  })

  it('says of a job that it cannot stop how to forget it', async () => {
    const data = await temporaryFolder()
    const book = new JobBook(join(data, 'dtstream', 'spark'))
    book.write({ ...ENTRY, endpoint: { ...ENTRY.endpoint, port: await freePort() } })
    const { code, words } = await refused(['jobs', 'stop', 'cosmics'], { data })
    expect(words).toMatch(/no Spark Connect server answers .*nothing listens there/)
    expect(words).toContain(book.fileOf('cosmics'))
    expect(code).toBe(1)
    expect(book.find('cosmics')).toBeDefined()
  })
})
