import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Audit } from '../../../src/audit/audit.js'
import type { Cli } from '../../support/built-cli.js'
import { LocalKafka } from '../support/local-kafka.js'
import { wideCli } from './refusal.js'

let kafka: LocalKafka
let cli: Cli
beforeAll(async () => {
  kafka = await LocalKafka.start({ security: 'sasl_ssl', clientCertificates: true })
  cli = wideCli()
})
afterAll(async () => {
  cli?.dispose()
  await kafka?.stop()
})

it.each([
  ['SCRAM-SHA-256', 'librdkafka'],
  ['SCRAM-SHA-512', 'java'],
] as const)(
  'the whole way over TLS as a user by %s, with a file in the spelling of %s',
  async (mechanism, spelling) => {
    const files = kafka.clientProperties('worker', mechanism)
    const config = ['--kafka-config', spelling === 'java' ? files.java : files.librdkafka]
    const names = { raw: `raw-${spelling}`, clean: `clean-${spelling}` }
    const [raw, clean] = [`topic:${names.raw}`, `topic:${names.clean}`]
    let said = ''
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await cli.run(...args, ...config)
      said += stdout + stderr
      expect(code, stderr).toBe(0)
      return stdout
    }
    await run('topics', 'create', names.raw, '--partitions', '4')
    await run('topics', 'create', names.clean, '--partitions', '1')
    await run('replay', 'sim:?seed=1&rows=5000', '--to', raw, '--rate', 'max', '--no-progress')
    const processing = cli.start('process', '--from', raw, '--to', clean, '--workers', '2', '--no-progress', ...config)
    const watching = cli.start('watch', '--json', '--from', clean, ...config)
    let merged = ''
    watching.child.stdout?.on('data', (text: string) => {
      merged += text
    })
    const isExact = async () => {
      const { stdout } = await cli.run('audit', '--raw', raw, '--clean', clean, '--no-progress', '--json', ...config)
      const { verdict, rows, pending } = JSON.parse(stdout) as Audit
      return verdict === 'exact' && rows === 5000 && pending === 0
    }
    while (!(await isExact())) expect(processing.child.exitCode).toBeNull()
    while (!merged.includes('"read":5000')) expect(await run('topics', 'list')).toContain(names.raw)
    expect(await run('topics', 'describe', names.raw)).toContain('lags 0 messages behind')
    for (const { child, ended } of [processing, watching]) {
      child.kill('SIGINT')
      const { code, stdout, stderr } = await ended
      said += stdout + stderr
      expect(code, stderr).toBe(130)
    }
    expect(Object.values(kafka.users).filter((password) => said.includes(password))).toEqual([])
  },
)
