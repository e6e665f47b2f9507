import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Flags, type Interfaces, Parser } from '@oclif/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { originOf } from '../../src/cli/config/origin.js'
import { kafkaFlags, kafkaSettingsOf } from '../../src/cli/kafka-flags.js'
import { ExpectedError } from '../../src/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const VARIABLES = ['KAFKA_BOOTSTRAP_SERVER', 'KAFKA_BOOTSTRAP_SERVERS', 'DTSTREAM_KAFKA_CONFIG', 'DTSTREAM_LOG']

interface Given {
  argv?: string[]
  env?: Record<string, string>
  /** as the config file sets them: defaults of flags */
  config?: Record<string, string | string[]>
  /** which of the file's sections each stands in, 0 counting most; all in one unless told */
  sections?: Record<string, number>
}

beforeEach(() => {
  for (const variable of VARIABLES) vi.stubEnv(variable, '')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('which log a command is to use', () => {
  it.each<[string, Given, string[] | undefined]>([
    ['nothing', {}, undefined],
    ['a folder', { argv: ['--log', 'x'] }, undefined],
    ['a broker', { argv: ['--bootstrap-server', 'a:1'] }, ['a:1']],
    ['a property', { argv: ['-X', 'bootstrap.servers=a:1', '-X', 'client.id=me', 'arg'] }, ['a:1']],
    ['a variable', { env: { KAFKA_BOOTSTRAP_SERVER: 'a:1' } }, ['a:1']],
    ['the other variable', { env: { KAFKA_BOOTSTRAP_SERVERS: 'a:1' } }, ['a:1']],
    ['the config file', { config: { 'bootstrap-server': 'a:1' } }, ['a:1']],
    [
      'arguments and variables',
      { argv: ['--bootstrap-server', 'a:1'], env: { KAFKA_BOOTSTRAP_SERVER: 'b:1' } },
      ['a:1'],
    ],
    [
      'a variable and the config file',
      { env: { KAFKA_BOOTSTRAP_SERVERS: 'a:1' }, config: { 'bootstrap-server': 'b:1' } },
      ['a:1'],
    ],
    ['a folder over a variable', { argv: ['--log', 'x'], env: { KAFKA_BOOTSTRAP_SERVERS: 'a:1' } }, undefined],
    ['a folder over the config file', { env: { DTSTREAM_LOG: 'x' }, config: { 'bootstrap-server': 'a:1' } }, undefined],
    ['a broker over a variable', { argv: ['--bootstrap-server', 'a:1'], env: { DTSTREAM_LOG: 'x' } }, ['a:1']],
    [
      'a folder in a section over a broker in another',
      { config: { log: 'x', 'bootstrap-server': 'a:1' }, sections: { 'bootstrap-server': 1 } },
      undefined,
    ],
    [
      'a broker in a section over a folder in another',
      { config: { log: 'x', 'bootstrap-server': 'a:1' }, sections: { log: 1 } },
      ['a:1'],
    ],
    ['a variable over the config file', { env: { KAFKA_BOOTSTRAP_SERVERS: 'a:1' }, config: { log: 'x' } }, ['a:1']],
  ])('is told by %s', async (_, given, brokers) => {
    expect((await settingsOf(given))?.brokers).toEqual(brokers)
  })

  it('is told by a file, which a variable may overrule in part', async () => {
    const path = join(await temporaryFolder(), 'client.properties')
    await writeFile(path, 'bootstrap.servers=file:1\nclient.id=me\n')
    const byArgument = { argv: ['--kafka-config', path] }
    expect(await settingsOf(byArgument)).toEqual({ brokers: ['file:1'], clientId: 'me' })
    expect(await settingsOf({ env: { DTSTREAM_KAFKA_CONFIG: path } })).toEqual({ brokers: ['file:1'], clientId: 'me' })
    expect(await settingsOf({ ...byArgument, config: { 'bootstrap-server': 'a:1', log: 'x' } })).toMatchObject({
      brokers: ['file:1'],
    })
    expect(await settingsOf({ ...byArgument, env: { KAFKA_BOOTSTRAP_SERVER: 'env:1' } })).toEqual({
      brokers: ['env:1'],
      clientId: 'me',
    })
  })

  it.each<[Given, string]>([
    [
      { argv: ['--log', 'x', '--bootstrap-server', 'a:1'] },
      '--log and --bootstrap-server are both given in the arguments',
    ],
    [{ argv: ['--log', 'x', '--kafka-config', 'f'] }, '--log and --kafka-config are both given in the arguments'],
    [{ argv: ['--log', 'x', '-X', 'client.id=me'] }, '--log and --kafka-property are both given in the arguments'],
    [
      { env: { DTSTREAM_LOG: 'x', KAFKA_BOOTSTRAP_SERVERS: 'a:1' } },
      '--bootstrap-server are both given in the environment',
    ],
    [{ config: { log: 'x', 'bootstrap-server': 'a:1' } }, '--bootstrap-server are both given in dtstream.yaml:1:7'],
  ])('cannot be both: %j', async (given, message) => {
    const error = await settingsOf(given).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ExpectedError)
    expect(error).toMatchObject({ message: expect.stringContaining(message), exit: 2 })
  })

  it('says where a variable is wrong', async () => {
    await expect(settingsOf({ env: { KAFKA_BOOTSTRAP_SERVER: 'a' } })).rejects.toThrow(
      "KAFKA_BOOTSTRAP_SERVER: 'a' names",
    )
    await expect(settingsOf({ argv: ['--bootstrap-server=a'] })).rejects.toThrow("--bootstrap-server: 'a' names")
  })
})

async function settingsOf({ argv = [], env = {}, config = {}, sections = {} }: Given) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const flags: Interfaces.FlagInput = { ...kafkaFlags, log: Flags.string({ env: 'DTSTREAM_LOG' }) }
  for (const [name, value] of Object.entries(config)) {
    flags[name] = { ...flags[name], default: value } as Interfaces.FlagInput[string]
  }
  const place = { file: 'dtstream.yaml', line: 1, column: 7 }
  const settings = new Map(
    Object.keys(config).map((name) => [
      name,
      { origin: { kind: 'file' as const, place, folder: '/', rank: sections[name] ?? 0 } },
    ]),
  )
  const parsed = await Parser.parse(argv, { flags, strict: false })
  const read = { flags: parsed.flags, originOf: (name: string) => originOf(name, parsed, flags, settings) }
  return kafkaSettingsOf(read, { env: process.env, warn: () => {} })
}
