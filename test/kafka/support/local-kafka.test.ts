import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type KafkaNode, LocalKafka } from './local-kafka.js'
import { makeTopics } from './make-topics.js'
import { plainClient, readValues, sendValues, withAdmin } from './plain-client.js'

const PATIENCE = { timeout: 30_000, interval: 200 }

describe('one broker', () => {
  let kafka: LocalKafka
  beforeAll(async () => {
    kafka = await LocalKafka.start()
  })
  afterAll(() => kafka.stop())

  it('keeps its topics through a kill -9 and a shutdown', async () => {
    const client = plainClient(kafka.bootstrap)
    await withAdmin(client, (admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 10 }] }))
    await kafka.kill(1)
    expect(kafka.nodes[0]?.running).toBe(false)
    await kafka.restart(1)
    await kafka.terminate(1)
    expect(kafka.nodes[0]?.running).toBe(false)
    await kafka.restart(1)
    const found = await withAdmin(client, (admin) => admin.fetchTopicMetadata({ topics: ['kept'] }))
    expect(found.topics[0]?.partitions).toHaveLength(10)
  })

  it('makes no topic that nobody asked for', async () => {
    await expect(sendValues(plainClient(kafka.bootstrap, { retry: { retries: 1 } }), 'none', 0, ['a'])).rejects.toThrow(
      'does not host this topic',
    )
  })

  it('answers nothing while it is paused, and goes on when it is resumed', async () => {
    const client = plainClient(kafka.bootstrap, { requestTimeout: 1000, retry: { retries: 0 } })
    const list = (): Promise<string[]> => withAdmin(client, (admin) => admin.listTopics())
    kafka.pause(1)
    await expect(list()).rejects.toThrow('timed out')
    kafka.resume(1)
    expect(await list()).toContain('kept')
  })
})

describe('three brokers', () => {
  it('lose no message when the leader is killed, and take it back', async () => {
    const kafka = await LocalKafka.start({ brokers: 3 })
    try {
      const client = plainClient(kafka.bootstrap)
      const leader = async (): Promise<number | undefined> => {
        const { topics } = await withAdmin(client, (admin) => admin.fetchTopicMetadata({ topics: ['data_raw'] }))
        return topics[0]?.partitions[0]?.leader
      }
      await makeTopics(kafka.bootstrap, 1)
      await sendValues(client, 'data_raw', 0, ['a', 'b'])
      const first = (await leader()) ?? 0
      await kafka.kill(first)
      // kafkajs may ask the one that was killed
      await vi.waitFor(async () => expect(await leader()).not.toBe(first), PATIENCE)
      await vi.waitFor(() => sendValues(client, 'data_raw', 0, ['c']), PATIENCE)
      await kafka.restart(first)
      await sendValues(client, 'data_raw', 0, ['d'])
      expect(await readValues(client, 'data_raw', 'reading', 4)).toEqual(['a', 'b', 'c', 'd'])
    } finally {
      await kafka.stop()
    }
  })
})

describe('what is left', () => {
  it('is nothing after stop', async () => {
    const kafka = await LocalKafka.start()
    const [node] = kafka.nodes as [KafkaNode]
    await kafka.stop()
    expect([isRunning(node.pid), existsSync(dirname(node.log))]).toEqual([false, false])
  })

  it('is nothing after a kill -9 of the process that started the brokers, even when they are paused', async () => {
    const script = fileURLToPath(new URL('brokers-of-a-killed-process.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(child.stdout, 'data')
    const node: KafkaNode = JSON.parse(`${line}`)
    process.kill(node.pid, 'SIGSTOP')
    child.kill('SIGKILL')
    while (isRunning(node.pid) || existsSync(dirname(node.log))) await sleep(50)
  })

  it('is the end of the log in the error when a broker does not start', async () => {
    await expect(LocalKafka.start({ properties: { 'num.io.threads': 'many' } })).rejects.toThrow(
      /ended while starting[\s\S]*num\.io\.threads/,
    )
  })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
