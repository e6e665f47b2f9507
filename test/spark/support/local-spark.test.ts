import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sql } from '../../../src/spark/connect/relations.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { LocalSpark } from './local-spark.js'
import { pidsOf } from './running-programs.js'

const PATIENCE = { timeout: 120_000, interval: 200 }

describe('a standalone cluster', () => {
  let spark: LocalSpark
  beforeAll(async () => {
    spark = await LocalSpark.start({ cluster: true })
  })
  afterAll(() => spark?.stop())

  it('has an executor on each of two workers, and replaces one that is killed', async () => {
    const executors = await vi.waitUntil(() => {
      const pids = spark.executorPids()
      return pids.length === 2 ? pids : undefined
    }, PATIENCE)
    const session = new SparkSession(spark.endpoint)
    const sum = sql('SELECT sum(id) AS sum FROM range(0, 100000, 1, 4)')
    expect(await session.collect(sum)).toEqual([{ sum: 4_999_950_000 }])
    const [killed, kept] = executors
    process.kill(killed, 'SIGKILL')
    await vi.waitUntil(() => spark.executorPids().filter((pid) => pid !== killed).length === 2, PATIENCE)
    expect(spark.executorPids()).toContain(kept)
    expect(await session.collect(sum)).toEqual([{ sum: 4_999_950_000 }])
    session.close()
  })
})

it('ends with the process that started it, even if that is killed', async () => {
  const script = fileURLToPath(new URL('spark-of-a-killed-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { folder, pid } = JSON.parse(line.toString())
  expect(pidsOf('SparkConnectServer', folder)).toEqual([pid])
  child.kill('SIGKILL')
  await vi.waitUntil(() => pidsOf(folder).length === 0, PATIENCE)
})
