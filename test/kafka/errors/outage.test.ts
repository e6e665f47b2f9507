import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Audit } from '../../../src/audit/audit.js'
import { ExpectedError } from '../../../src/errors.js'
import { openKafkaLog } from '../../../src/log/kafka/kafka-log.js'
import { auditOf } from '../../support/audit-of.js'
import type { Cli } from '../../support/built-cli.js'
import { LocalKafka } from '../support/local-kafka.js'
import { wideCli } from './refusal.js'

const TEST_MS = 240_000

let kafka: LocalKafka
let cli: Cli
let server: string[]
beforeEach(async () => {
  kafka = await LocalKafka.start()
  cli = wideCli()
  server = ['--bootstrap-server', kafka.bootstrap]
  await cli.run('topics', 'create', ...server)
})
afterEach(async () => {
  cli?.dispose()
  await kafka?.stop()
})

/** A command at work, and what it has said on standard error and output. */
function start(...args: string[]) {
  const { child, ended } = cli.start(...args, ...server)
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (text: string) => {
    said.stdout += text
  })
  child.stderr?.on('data', (text: string) => {
    said.stderr += text
  })
  return { child, ended, said }
}

async function until(isSo: () => boolean, what: string, withinMs = 90_000): Promise<void> {
  for (const end = performance.now() + withinMs; !isSo(); await sleep(100))
    if (performance.now() > end) throw new Error(`not within ${withinMs / 1000} s: ${what}`)
}

const WAITING = /waiting for Kafka, to [^\n]*: nothing listens at/

const SOURCE = 'sim:?seed=3'

/** Three commands that have been at work, and have noticed that the broker is gone. */
async function atWorkWithoutBroker() {
  const replaying = start('replay', SOURCE, '--rate', '1000', '--no-progress')
  const processing = start('process', '--workers', '2', '--no-progress')
  const watching = start('watch', '--json')
  await until(() => watching.said.stdout !== '', 'a first result')
  await kafka.kill(1)
  await until(() => WAITING.test(replaying.said.stderr), 'the notice of replay')
  await until(() => WAITING.test(processing.said.stderr), 'the notice of process')
  return { replaying, processing, watching }
}

/** Sends rows until there are 30,000, if there are not more already, and their end; gives how many there are. */
async function replayRest(): Promise<number> {
  const args = ['--resume', '--rate', 'max', '--limit', '30000']
  return (await cli.json<{ rows: number }>('replay', SOURCE, ...args, ...server)).rows
}

/** The audit, when all rows are processed. */
async function auditOfAll(processing: ReturnType<typeof start>): Promise<Audit> {
  for (;;) {
    expect(processing.child.exitCode, processing.said.stderr).toBeNull()
    const audit = await cli.json<Audit>('audit', ...server)
    if (audit.pending === 0) return audit
  }
}

describe('a broker that goes away', () => {
  it(
    'and comes back: replay and process say so, go on, and all is exact',
    async () => {
      const { replaying, processing, watching } = await atWorkWithoutBroker()
      const seen = watching.said.stdout.length
      await kafka.restart(1)
      await until(() => watching.said.stdout.length > seen, 'a result after it has come back')
      replaying.child.kill('SIGINT')
      const { code, stderr } = await replaying.ended
      expect(code, stderr).toBe(130)
      expect(stderr).toContain('Kafka answers again')
      const rows = await replayRest()
      expect(await auditOfAll(processing)).toMatchObject({ verdict: 'exact', rows })
      for (const { child } of [processing, watching]) child.kill('SIGINT')
      expect((await processing.ended).code).toBe(130)
      expect((await watching.ended).code).toBe(130)
    },
    TEST_MS,
  )

  it(
    'and stays away: who is told to stop a second time stops at once',
    async () => {
      const { replaying, processing, watching } = await atWorkWithoutBroker()
      for (const { child } of [replaying, processing, watching]) child.kill('SIGINT')
      expect((await watching.ended).code).toBe(130)
      for (const { child, ended } of [replaying, processing]) {
        child.kill('SIGINT')
        const { code, stderr } = await ended
        expect(code, stderr).toBe(130)
        expect(stderr).not.toMatch(/^\s+at /m)
      }
    },
    TEST_MS,
  )

  it(
    'in the midst of an audit: what did not come is no difference',
    async () => {
      const processing = start('process', '--interval', '200ms', '--no-progress')
      const rows = await replayRest()
      expect(await auditOfAll(processing)).toMatchObject({ verdict: 'exact', rows })
      const log = await openKafkaLog({ brokers: kafka.bootstrap.split(','), clientId: 'test' }, { onNotice: () => {} })
      try {
        const stopped = auditOf(log, { onProgress: () => kafka.pause(1) })
        await expect(stopped).rejects.toThrow(/^data_raw\/\d+ goes on at offset \d+, but nothing came for 30 s$/)
        await expect(stopped).rejects.toBeInstanceOf(ExpectedError)
        kafka.resume(1)
        expect(await auditOf(log)).toMatchObject({ verdict: 'exact', rows })
      } finally {
        await log.close()
      }
    },
    TEST_MS,
  )
})
