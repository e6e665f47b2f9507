import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseResult } from '../../src/core/results/parse-result.js'
import type { Result } from '../../src/core/results/result.js'
import { ResultSum } from '../../src/core/results/result-sum.js'
import { EXIT } from '../../src/errors.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'
import { openSink } from '../../src/sinks/registry.js'
import { expectExact } from '../support/lane.js'
import { noLog } from '../support/no-log.js'
import { oracleCounts, recordsIn } from '../support/oracle.js'
import { count, entriesIn, entriesOfSource, rowsOf, sharedOut, TOPIC } from '../support/replayed.js'
import { resultOfSize } from '../support/results.js'
import { manyRecords, textFile } from '../support/row-files.js'
import { runCli, startCli } from '../support/run-cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { ACCESS_KEY, LocalS3, SECRET_KEY } from './support/local-s3.js'
import { fillBucket, plainClient } from './support/plain-client.js'

const PARTITIONS = 10
/** As the original has them: objects of text in natural order, an endpoint of one's own, a certificate that signed itself. */
const NAMES = ['data_000000.txt', 'data_000001.txt', 'data_000002.txt']
const RECORDS = manyRecords(90_000)
const URI = 's3://cosmics/data_'

let server: LocalS3
beforeAll(async () => {
  server = await LocalS3.start({ tls: true })
  const third = RECORDS.length / NAMES.length
  const objects = NAMES.map((name, i) => [name, textFile(RECORDS.slice(i * third, (i + 1) * third))])
  await fillBucket(plainClient(server), 'cosmics', Object.fromEntries(objects))
})
afterAll(() => server.stop())

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const at = (name: string) => path.join(folder, name)
const reach = () => ({
  DTSTREAM_LOG: at('log'),
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_CA_BUNDLE: server.certificate,
})
const dtstream = (args: string[], env: Record<string, string | undefined> = reach()) =>
  runCli(args, { cwd: folder, env: { DTSTREAM_LOG: at('log'), ...env } })

function resultIn(ndjson: string): Result {
  const result = parseResult(ndjson.trim())
  if (typeof result === 'string') throw new Error(result)
  return result
}

describe('dtstream process of a bucket', () => {
  it('is the batch analysis of its objects, with a bar over their bytes', async () => {
    const { code, stdout, stderr } = await dtstream(['process', '--from', URI, '--to', 'stdout:'])
    expect(stderr).toMatch(
      /\nprocess: 100 %, 90\.0 k rows, \S+ \S+, (\S+ MB) of \1\n90\.0 k rows read, 1 result sent\n$/,
    )
    expect(code).toBe(EXIT.ok)
    const result = resultIn(stdout)
    expectExact(result, oracleCounts(recordsIn(textFile(RECORDS))))
    expect(result.source).toMatchObject(
      NAMES.map((name) => ({ name: expect.stringMatching(new RegExp(`^s3://cosmics/${name} "\\w+"$`)), from: 0 })),
    )
  })

  it('needs no environment but keys: all else may be flags', async () => {
    const flags = ['--endpoint-url', server.endpoint, '--ca-bundle', server.certificate ?? '', '--region', 'us-east-1']
    const { code, stderr } = await dtstream(['process', '--from', URI, '--to', 'null:', ...flags], {})
    expect([code, stderr]).toEqual([EXIT.ok, expect.stringContaining('90.0 k rows read')])
  })

  it('takes keys, endpoint and certificate from a profile', async () => {
    const [config, credentials] = [at('config'), at('credentials')]
    await writeFile(config, `[profile cosmics]\nendpoint_url = ${server.endpoint}\n`)
    await writeFile(
      credentials,
      `[cosmics]\naws_access_key_id = ${ACCESS_KEY}\naws_secret_access_key = ${SECRET_KEY}\n`,
    )
    const env = {
      ...{ AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CA_BUNDLE: server.certificate },
      // which are not those of the profile, and do not count beside it
      ...{ AWS_ACCESS_KEY_ID: 'other', AWS_SECRET_ACCESS_KEY: 'other' },
    }
    const args = ['process', '--from', URI, '--to', 'null:', '--aws-profile']
    expect(await dtstream([...args, 'cosmics'], env)).toMatchObject({ code: EXIT.ok })
    const wrong = await dtstream([...args, 'cosmic', '--endpoint-url', server.endpoint], env)
    expect(wrong.code).toBe(EXIT.failure)
    expect(wrong.stderr).toContain('there are no credentials for S3 in the profile cosmic\n')
  })

  it('says in one sentence what it lacks, without a stack and without a secret', async () => {
    const { code, stdout, stderr } = await dtstream(['process', '--from', URI, '--to', 'null:'], {
      ...reach(),
      AWS_SECRET_ACCESS_KEY: 'hidden',
    })
    expect([code, stdout]).toEqual([EXIT.failure, ''])
    expect(stderr).toContain('refuses the secret key: it does not belong to the access key')
    expect(stderr).not.toMatch(/hidden|\bat \S+:\d+/)
  })
})

describe('dtstream replay of a bucket', () => {
  const messagesIn = async (log: Log) =>
    (await log.topic(TOPIC))?.offsets.reduce((sum, { start, end }) => sum + end - start, 0) ?? 0
  const expectReplayed = async () => {
    await writeFile(at('all.txt'), textFile(RECORDS))
    const source = await entriesOfSource([at('all.txt')])
    const log = await openEmbeddedLog(at('log'))
    const partitions = await entriesIn(log).finally(() => log.close())
    expect(partitions.map(rowsOf)).toEqual(sharedOut(source, PARTITIONS))
    expect(count(partitions.flat(), 'malformed')).toBe(count(source, 'malformed'))
  }

  it.each(['SIGINT', 'SIGKILL'] as const)('goes on at the very row after %s', async (signal) => {
    const args = ['replay', URI, '--format', 'lines', '--rate', '60k/s']
    const child = startCli(args, { cwd: folder, env: reach() })
    const ended = Promise.all([text(child.stderr), once(child, 'close')])
    const log = await openEmbeddedLog(at('log'))
    while (!(await log.topic(TOPIC))?.offsets.some(({ end }) => end > 0)) await sleep(20)
    await log.close()
    child.kill(signal)
    await ended
    const rest = await dtstream(['replay', URI, '--format', 'lines', '--rate', 'max', '--resume'])
    expect(rest.code, rest.stderr).toBe(EXIT.ok)
    expect(rest.stderr).toMatch(/^goes on after /)
    await expectReplayed()
  })

  it('goes on through an outage of the store', async () => {
    const child = startCli(['replay', URI, '--format', 'lines', '--rate', '60k/s'], { cwd: folder, env: reach() })
    const ended = Promise.all([text(child.stderr), once(child, 'close')])
    const log = await openEmbeddedLog(at('log'))
    while (!(await log.topic(TOPIC))?.offsets.some(({ end }) => end > 0)) await sleep(20)
    await log.close()
    await server.kill()
    await sleep(500)
    await server.restart()
    const [stderr, [code]] = await ended
    expect([code, stderr]).toEqual([EXIT.ok, expect.stringContaining('the source has ended')])
    await expectReplayed()
  })

  it('stops at a row on Ctrl-C while the store is away, however long it would wait for it', async () => {
    const env = { ...reach(), AWS_MAX_ATTEMPTS: '1000' }
    const child = startCli(['replay', URI, '--format', 'lines', '--rate', '30k/s'], { cwd: folder, env })
    const ended = Promise.all([text(child.stderr), once(child, 'close')])
    const log = await openEmbeddedLog(at('log'))
    while (!(await log.topic(TOPIC))?.offsets.some(({ end }) => end > 0)) await sleep(20)
    await server.kill()
    try {
      // until it has sent all that it had at hand, and waits
      for (let before = -1, now = 0; now > before; now = await messagesIn(log)) {
        before = now
        await sleep(1000)
      }
      await log.close()
      child.kill('SIGINT')
      const [stderr, [code]] = await ended
      expect(stderr).toMatch(/; stopped at s3:\/\/cosmics\/data_00000\d\.txt byte \d+, --resume goes on there\n$/)
      expect(code).toBe(EXIT.interrupted)
    } finally {
      await server.restart()
    }
    const rest = await dtstream(['replay', URI, '--format', 'lines', '--rate', 'max', '--resume'])
    expect(rest.code, rest.stderr).toBe(EXIT.ok)
    await expectReplayed()
  })

  it('does not go on in an object that was changed meanwhile', async () => {
    const client = plainClient(server)
    await fillBucket(client, 'changing', { 'a.txt': textFile(RECORDS.slice(0, 500)) })
    const args = ['replay', 's3://changing/a.txt', '--rate', 'max']
    expect(await dtstream([...args, '--limit', '100'])).toMatchObject({ code: EXIT.ok })
    await client.send(new PutObjectCommand({ Bucket: 'changing', Key: 'a.txt', Body: textFile(RECORDS.slice(1, 501)) }))
    const { code, stderr } = await dtstream([...args, '--resume'])
    expect(code).toBe(EXIT.failure)
    expect(stderr).toMatch(/the replay stopped in s3:\/\/changing\/a\.txt "\w+", and in its place is .* now/)
  })
})

describe('results in a bucket', () => {
  it('are merged, object by object, as those in files are', async () => {
    const results = [0, 1, 2, 3].map((number): Result => {
      const source = [{ name: '/a.txt', from: number, to: number + 1, watermark: null }]
      return { ...resultOfSize(60, number), source }
    })
    const [first, second, ...others] = results
    await writeFile(at('1.ndjson'), `${JSON.stringify(first)}\n`)
    await writeFile(at('2.jsonl'), `${JSON.stringify(second)}\nno result\n`)
    const sink = await openSink(at('10.arrow'), { log: noLog, stdout: process.stdout, group: 'test' })
    for (const result of others) await sink.write(result)
    await sink.close()
    const objects = await Promise.all(
      ['1.ndjson', '2.jsonl', '10.arrow'].map(async (name) => [`day/${name}`, await readFile(at(name))] as const),
    )
    await fillBucket(plainClient(server), 'results', { ...Object.fromEntries(objects), 'day/notes.txt': 'none' })
    const { code, stdout, stderr } = await dtstream(['merge', '--from', 's3://results/day/'])
    expect(stderr).toContain('s3://results/day/2.jsonl, line 2 is no result: it is not JSON: no result')
    expect([code, stderr]).toEqual([EXIT.ok, expect.stringMatching(/\n4 results added\n$/)])
    const sum = new ResultSum({ orbitDetail: true })
    for (const result of results) sum.add(result)
    expect(resultIn(stdout)).toEqual({ ...sum.toResult('merge'), interval: expect.anything() })
    const watched = await dtstream(['watch', '--json', '--from', 's3://results/day/10.arrow'])
    expect(watched.code).toBe(EXIT.ok)
  })
})
