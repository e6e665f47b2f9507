import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { readParquet } from 'parquet-wasm'
import { afterAll, beforeAll, expect } from 'vitest'
import { fromResultBatch } from '../../src/core/results/arrow-results.js'
import type { Result } from '../../src/core/results/result.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'
import type { SinkContext } from '../../src/sinks/sink.js'
import { type SinkPlace, sinkConformance } from '../conformance/sinks.js'
import { CollectedStream } from '../support/collected-stream.js'

let folder: string
let log: Log
let places = 0

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dtstream-test-'))
  log = await openEmbeddedLog(path.join(folder, 'log'))
})
afterAll(async () => {
  await log.close()
  await rm(folder, { recursive: true })
})

sinkConformance('topic', async () => {
  const topic = `results_${++places}`
  const gate = new Gate(log)
  return {
    uri: `topic:${topic}`,
    context: contextOf({ log: async () => gate.log }),
    hold: () => gate.close(),
    received: () => messagesOf(topic),
  }
})

sinkConformance('file .ndjson', () =>
  filePlace('results.ndjson', async (file) => linesOf(await readFile(file, 'utf8'))),
)

sinkConformance('file .jsonl', () => filePlace('results.jsonl', async (file) => linesOf(await readFile(file, 'utf8'))))

sinkConformance('file .arrow', () => filePlace('results.arrow', readArrowFile))

sinkConformance('file .parquet', () => filePlace('results.parquet', readParquetFile))

for (const [format, read] of [
  ['ndjson', async (file: string) => linesOf(await readFile(file, 'utf8'))],
  ['arrow', readArrowFile],
  ['parquet', readParquetFile],
] as const) {
  sinkConformance(`file of one result, .${format}`, async () => {
    const own = await mkdtemp(path.join(folder, 'place-'))
    return {
      uri: `file:${own}/made/?format=${format}`,
      context: contextOf({}),
      received: async () => {
        const names = await readdir(path.join(own, 'made'))
        expect(names.filter((name) => name.startsWith('.'))).toEqual([])
        return (await Promise.all(names.map((name) => read(path.join(own, 'made', name))))).flat()
      },
    }
  })
}

sinkConformance('stdout', async () => {
  const stdout = new CollectedStream()
  return {
    uri: 'stdout:',
    context: contextOf({ stdout }),
    hold: () => stdout.hold(),
    received: async () => linesOf(stdout.text),
  }
})

sinkConformance('null', async () => ({
  uri: 'null:',
  context: contextOf({}),
  received: async ({ outcomes }) => outcomes?.written ?? 0,
}))

async function readArrowFile(file: string): Promise<Result[]> {
  return resultsOfTable(await readFile(file))
}

async function readParquetFile(file: string): Promise<Result[]> {
  return resultsOfTable(readParquet(await readFile(file)).intoIPCStream())
}

function resultsOfTable(ipc: Uint8Array): Result[] {
  return tableFromIPC(ipc).batches.flatMap((batch) => [...fromResultBatch(batch)] as Result[])
}

function contextOf(context: Partial<SinkContext>): SinkContext {
  const log = () => Promise.reject(new Error('this sink needs no log'))
  return { log, stdout: new CollectedStream(), group: 'test', ...context }
}

async function filePlace(name: string, read: (file: string) => Promise<Result[]>): Promise<SinkPlace> {
  const own = await mkdtemp(path.join(folder, 'place-'))
  const file = path.join(own, name)
  return { uri: `file:${file}`, context: contextOf({}), remains: () => readdir(own), received: () => read(file) }
}

function linesOf(text: string): Result[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  return lines.map((line) => JSON.parse(line) as Result)
}

async function messagesOf(topic: string): Promise<Result[]> {
  const info = await log.topic(topic)
  if (info?.offsets.length !== 1) throw new Error('the topic was to be made with one partition')
  const reader = await log.reader(topic, 0, 0)
  const results: Result[] = []
  for (let batch = await reader.next(0); batch; batch = await reader.next(0)) {
    for (let i = 0; i < batch.count; i++) {
      results.push(JSON.parse(Buffer.from(batch.bytes.subarray(batch.start[i], batch.end[i])).toString()) as Result)
    }
  }
  await reader.close()
  return results
}

/** A log whose appends can be held up. */
class Gate {
  readonly log: Log
  private held: Promise<void> | undefined

  constructor(log: Log) {
    this.log = new Proxy(log, {
      get: (target, key: keyof Log) => {
        if (key !== 'append') return typeof target[key] === 'function' ? target[key].bind(target) : target[key]
        return async (...args: Parameters<Log['append']>) => {
          await this.held
          return target.append(...args)
        }
      },
    })
  }

  close(): () => void {
    let release = () => {}
    this.held = new Promise((resolve) => {
      release = resolve
    })
    return release
  }
}
