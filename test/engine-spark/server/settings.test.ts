import { describe, expect, it } from 'vitest'
import { serverConf, sessionConf } from '../../../src/spark/server/settings.js'

const CLUSTER = 'spark://127.0.0.1:7077'
const usage = (message: unknown) => expect.objectContaining({ name: 'ExpectedError', exit: 2, message })

describe('the conf of a server of ours', () => {
  it('is empty where nothing is said', () => {
    expect(serverConf({}, CLUSTER)).toEqual({})
  })

  it('counts executors as any kind of cluster does', () => {
    expect(serverConf({ executorInstances: 3, executorCores: 2 }, CLUSTER)).toEqual({
      'spark.executor.instances': '3',
      'spark.executor.cores': '2',
      'spark.cores.max': '6',
      'spark.sql.shuffle.partitions': '6',
    })
    expect(serverConf({ executorInstances: 3 }, CLUSTER)).toMatchObject({
      'spark.executor.cores': '1',
      'spark.cores.max': '3',
    })
    expect(serverConf({ executorCores: 2 }, CLUSTER)).toEqual({ 'spark.executor.cores': '2' })
  })

  it('shuffles into a part for each core, where it can be known', () => {
    const parts = (master: string) => serverConf({}, master)['spark.sql.shuffle.partitions']
    expect(parts('local[3]')).toBe('3')
    expect(parts('local')).toBe('1')
    expect(parts('local[*]')).toMatch(/^[1-9]\d*$/)
    expect(parts('yarn')).toBeUndefined()
  })

  it.each([{ executorInstances: 2 }, { executorCores: 2 }])(
    'refuses executors where there are none: %j',
    (tunables) => {
      expect(() => serverConf(tunables, 'local[2]')).toThrow(usage('the master local[2] has no executors to count'))
    },
  )

  it('has what else is said', () => {
    const conf = ['spark.executor.memory=2g', 'spark.hadoop.fs.s3a.secret.key=a=b', 'spark.empty=']
    expect(serverConf({ shufflePartitions: 8, arrow: false, conf }, 'local[2]')).toEqual({
      'spark.sql.shuffle.partitions': '8',
      'spark.sql.execution.arrow.pyspark.enabled': 'false',
      'spark.executor.memory': '2g',
      'spark.hadoop.fs.s3a.secret.key': 'a=b',
      'spark.empty': '',
    })
  })
})

describe('further conf', () => {
  it.each(['spark.executor.memory', 'executor.memory=1g', 'SPARK.x=1', '=secret', 'spark.a b=secret'])(
    'is refused where it is none, without its value: %s',
    (pair) => {
      const said = () => serverConf({ conf: [pair] }, CLUSTER)
      expect(said).toThrow(usage(expect.stringMatching(/^conf of Spark is spark\.KEY=VALUE/)))
      expect(said).not.toThrow(/secret/)
    },
  )

  it.each([
    'spark.master=local',
    'spark.executor.cores=1',
    'spark.cores.max=1',
    'spark.sql.shuffle.partitions=1',
    'spark.connect.grpc.binding.port=1',
    'spark.sql.session.timeZone=CET',
  ])('is refused where it is not the user to set it: %s', (pair) => {
    const ofJob = ['spark.sql.session.timeZone']
    const message = expect.stringMatching(/^spark\.\S+ is not set as further conf$/)
    expect(() => serverConf({ conf: [pair] }, CLUSTER, ofJob)).toThrow(usage(message))
    expect(() => sessionConf({ conf: [pair] }, ofJob)).toThrow(usage(message))
  })

  it('is refused where it is set twice', () => {
    expect(() => serverConf({ conf: ['spark.a=1', 'spark.a=2'] }, CLUSTER)).toThrow(usage('spark.a is set twice'))
  })
})

describe('the conf of a session', () => {
  it('is what Spark lets sessions set', () => {
    expect(sessionConf({ shufflePartitions: 4, conf: ['spark.sql.adaptive.enabled=true'] })).toEqual({
      'spark.sql.shuffle.partitions': '4',
      'spark.sql.adaptive.enabled': 'true',
    })
  })

  it.each([
    [{ executorInstances: 2 }, 'instances and cores of executors'],
    [{ executorCores: 2 }, 'instances and cores of executors'],
    [{ conf: ['spark.executor.memory=1g'] }, 'spark.executor.memory'],
  ])('is nothing that is fixed when a server starts: %j', (tunables, what) => {
    expect(() => sessionConf(tunables)).toThrow(usage(expect.stringContaining(`${what} cannot be set on a server`)))
  })
})
