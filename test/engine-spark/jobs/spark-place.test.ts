import { describe, expect, it } from 'vitest'
import { checkpointOf, type SparkPlace } from '../../../src/spark/jobs/spark-place.js'

const remote = (host: string): SparkPlace => ({
  ...{ kind: 'remote', conf: {} },
  endpoint: { host, port: 15_002, tls: false, userId: 'tester' },
})
const home = (master: string): SparkPlace => ({ kind: 'home', folder: '/spark', conf: {}, master })

describe('where the checkpoint of a job is', () => {
  it.each<[string, SparkPlace]>([
    ['threads', home('local[*]')],
    ['one thread', home('local')],
    ['a cluster on the loopback', home('spark://127.0.0.1:7077')],
    ['a server on the loopback', remote('localhost')],
  ])("is the job's folder, where Spark is on this machine alone: %s", (_, place) => {
    expect(checkpointOf(undefined, place, '/jobs/night shift')).toBe('file:///jobs/night%20shift/checkpoint')
  })

  it.each<[string, SparkPlace]>([
    ['another master', home('spark://cluster:7077')],
    ['yarn', home('yarn')],
    ['another server', remote('spark.example.org')],
  ])('must be said, where executors are elsewhere: %s', (_, place) => {
    expect(() => checkpointOf(undefined, place, '/jobs/one')).toThrow(
      expect.objectContaining({
        message: "the job's checkpoint must lie where every executor can read and write it",
        exit: 2,
      }),
    )
  })

  it.each([
    ['hdfs://cluster/checkpoints/one', 'hdfs://cluster/checkpoints/one'],
    ['s3a://bucket/one', 's3a://bucket/one'],
    ['file:/shared/one', 'file:/shared/one'],
    ['/shared/night shift', 'file:///shared/night%20shift'],
  ])('is what was said: %s', (given, uri) => {
    expect(checkpointOf(given, remote('spark.example.org'), '/jobs/one')).toBe(uri)
  })
})
