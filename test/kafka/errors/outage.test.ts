import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Audit } from '../../../src/audit/audit.js'
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

/** Three commands that have been at work, and have noticed that the broker is gone. */
async function atWorkWithoutBroker(source: string) {
  const replaying = start('replay', source, '--rate', '1000', '--no-progress')
  const processing = start('process', '--workers', '2', '--no-progress')
  const watching = start('watch', '--json')
  await until(() => watching.said.stdout !== '', 'a first result')
  await kafka.kill(1)
  await until(() => WAITING.test(replaying.said.stderr), 'the notice of replay')
  await until(() => WAITING.test(processing.said.stderr), 'the notice of process')
  return { replaying, processing, watching }
}

describe('a broker that goes away', () => {
  it(
    'and comes back: replay and process say so, go on, and all is exact',
    async () => {
      const { replaying, processing, watching } = await atWorkWithoutBroker('sim:?seed=3&rows=30000')
      const seen = watching.said.stdout.length
      await kafka.restart(1)
      await until(() => watching.said.stdout.length > seen, 'a result after it has come back')
      const { code, stderr } = await replaying.ended
      expect(code, stderr).toBe(0)
      expect(stderr).toContain('Kafka answers again')
      let audit: Partial<Audit> = {}
      while (audit.pending !== 0) {
        expect(processing.child.exitCode, processing.said.stderr).toBeNull()
        audit = JSON.parse((await cli.run('audit', '--no-progress', '--json', ...server)).stdout)
      }
      expect(audit).toMatchObject({ verdict: 'exact', rows: 30_000 })
      for (const { child } of [processing, watching]) child.kill('SIGINT')
      expect((await processing.ended).code).toBe(130)
      expect((await watching.ended).code).toBe(130)
    },
    TEST_MS,
  )

  it(
    'and stays away: who is told to stop a second time stops at once',
    async () => {
      const { replaying, processing, watching } = await atWorkWithoutBroker('sim:?seed=3')
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
})
