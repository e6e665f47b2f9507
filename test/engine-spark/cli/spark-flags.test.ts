import { describe, expect, it } from 'vitest'
import type { Origin } from '../../../src/cli/config/origin.js'
import { checkEngineFlags, sparkPlaceOf } from '../../../src/cli/spark-flags.js'

const given =
  (...flags: string[]) =>
  (flag: string): Origin => ({ kind: flags.includes(flag) ? 'flag' : 'default' })

const message = (text: string | RegExp) => expect.objectContaining({ message: expect.stringMatching(text), exit: 2 })

const NODE = { engine: 'node', isTopic: true } as const
const TOPIC = { engine: 'spark', isTopic: true } as const
const FILES = { engine: 'spark', isTopic: false } as const

describe('flags of the engine', () => {
  it.each([
    ['workers', TOPIC],
    ['idle', TOPIC],
    ['hits-to', FILES],
    ['metrics', FILES],
    ['strict', TOPIC],
    ['detach', FILES],
    ['checkpoint', FILES],
  ])('--%s means nothing on Spark, and is refused: %j', (flag, on) => {
    expect(() => checkEngineFlags(on, given(flag))).toThrow(message(`^--${flag} cannot be with --engine spark here: `))
  })

  it.each([
    ['strict', FILES],
    ['detach', TOPIC],
    ['workers', NODE],
  ])('--%s is taken where it means something: %j', (flag, on) => {
    expect(() => checkEngineFlags(on, given(flag))).not.toThrow()
  })

  it.each(['spark-remote', 'spark-batch-rows', 'checkpoint', 'detach'])('--%s means nothing without Spark', (flag) => {
    expect(() => checkEngineFlags(NODE, given(flag))).toThrow(message(`^--${flag} is for Spark$`))
    expect(() => checkEngineFlags(TOPIC, given(flag))).not.toThrow()
  })

  it('are no matter where nobody gave them', () => {
    for (const on of [NODE, TOPIC, FILES]) expect(() => checkEngineFlags(on, given())).not.toThrow()
  })
})

describe('which Spark is meant', () => {
  it('is that of the flags, else of SPARK_REMOTE, else of SPARK_HOME', async () => {
    const env = { SPARK_REMOTE: 'sc://other:1', SPARK_HOME: '/opt/spark' }
    const remote = (host: string) => ({ kind: 'remote', endpoint: { host } })
    const home = (folder: string, master: string) => ({ kind: 'home', folder, master })
    expect(await sparkPlaceOf({ 'spark-remote': 'sc://spark:443' }, env)).toMatchObject(remote('spark'))
    expect(await sparkPlaceOf({ 'spark-home': '/my/spark' }, env)).toMatchObject(home('/my/spark', 'local[*]'))
    expect(await sparkPlaceOf({ 'spark-master': 'yarn' }, env)).toMatchObject(home('/opt/spark', 'yarn'))
    expect(await sparkPlaceOf({}, env)).toMatchObject(remote('other'))
    expect(await sparkPlaceOf({}, { ...env, SPARK_REMOTE: '' })).toMatchObject(home('/opt/spark', 'local[*]'))
    await expect(sparkPlaceOf({}, { SPARK_HOME: '' })).rejects.toThrow('it is not said which Spark to use')
  })

  it('is the server that was named, with what a session can set', async () => {
    const flags = { 'spark-remote': 'sc://spark:443', 'spark-shuffle-partitions': 7 }
    expect(await sparkPlaceOf(flags, {})).toMatchObject({
      kind: 'remote',
      endpoint: { host: 'spark', port: 443 },
      conf: { 'spark.sql.shuffle.partitions': '7' },
    })
  })

  it('is that of SPARK_REMOTE, with its token, unless another is named', async () => {
    const env = { SPARK_REMOTE: 'sc://localhost/;token=hidden' }
    expect(await sparkPlaceOf({}, env)).toMatchObject({ kind: 'remote', endpoint: { token: 'hidden' } })
    expect(await sparkPlaceOf({ 'spark-home': '/spark' }, env)).toMatchObject({ kind: 'home', folder: '/spark' })
  })

  it('is one that is started here, in all threads or as told', async () => {
    expect(await sparkPlaceOf({ 'spark-home': '/spark' }, {})).toMatchObject({ kind: 'home', master: 'local[*]' })
    const flags = { 'spark-home': '/spark', 'spark-master': 'spark://c:7077', 'spark-executor-instances': 2 }
    expect(await sparkPlaceOf(flags, {})).toMatchObject({
      master: 'spark://c:7077',
      conf: { 'spark.executor.instances': '2' },
    })
  })

  it.each<[string, Parameters<typeof sparkPlaceOf>[0], RegExp]>([
    ['none', {}, /it is not said which Spark to use/],
    [
      'a token in an argument',
      { 'spark-remote': 'sc://spark/;token=hidden' },
      /a token stands in the connection string/,
    ],
    ['executors of a server', { 'spark-remote': 'sc://spark', 'spark-executor-cores': 2 }, /cannot be set on a server/],
    [
      'conf that a session cannot set',
      { 'spark-remote': 'sc://spark', 'spark-conf': ['spark.executor.memory=4g'] },
      /^spark\.executor\.memory cannot be set on a server that runs already/,
    ],
    [
      'conf of the job itself',
      { 'spark-home': '/s', 'spark-conf': ['spark.sql.session.timeZone=CET'] },
      /timeZone is not/,
    ],
  ])('is refused: %s', async (_, flags, sentence) => {
    const refusal = sparkPlaceOf(flags, {})
    await expect(refusal).rejects.toThrow(message(sentence))
    await expect(refusal).rejects.not.toThrow(/hidden/)
  })
})
