import { tableFromIPC } from 'apache-arrow'
import { readParquet } from 'parquet-wasm'
import { afterAll, beforeAll } from 'vitest'
import { fromResultBatch } from '../../../src/core/results/arrow-results.js'
import type { Result } from '../../../src/core/results/result.js'
import { openBucket } from '../../../src/s3/bucket.js'
import type { SinkContext } from '../../../src/sinks/sink.js'
import { type SinkPlace, sinkConformance } from '../../conformance/sinks.js'
import { CollectedStream } from '../../support/collected-stream.js'
import { noLog } from '../../support/no-log.js'
import { LocalS3 } from '../support/local-s3.js'
import { fillBucket, plainClient } from '../support/plain-client.js'

let server: LocalS3
let places = 0
beforeAll(async () => {
  server = await LocalS3.start()
  await fillBucket(plainClient(server), 'sinks', {})
})
afterAll(() => server.stop())

const READERS = {
  ndjson: (bytes: Uint8Array) =>
    Buffer.from(bytes)
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Result),
  arrow: resultsOfTable,
  parquet: (bytes: Uint8Array) => resultsOfTable(readParquet(bytes).intoIPCStream()),
}

for (const format of ['ndjson', 'arrow', 'parquet'] as const) {
  sinkConformance(`s3 prefix, .${format}`, async () => place(`results ${++places}/`, `?format=${format}`, format))
  sinkConformance(`s3 object .${format}`, async () => place(`whole_${++places}/results.${format}`, '', format))
}

function place(key: string, query: string, format: keyof typeof READERS): SinkPlace {
  const uri = `s3://sinks/${key}`
  const context: SinkContext = {
    log: noLog,
    stdout: new CollectedStream(),
    group: 'test',
    s3: { endpoint: server.endpoint },
  }
  const keys = async () => (await objects(uri)).map(({ name }) => name)
  return {
    uri: `${uri}${query}`,
    context,
    remains: keys,
    received: async () => (await objects(uri)).flatMap(({ bytes }) => READERS[format](bytes)),
  }
}

async function objects(uri: string): Promise<{ name: string; bytes: Buffer }[]> {
  const bucket = await openBucket(uri, { endpoint: server.endpoint })
  const found = []
  for (const object of await bucket.list(bucket.prefix)) {
    const reader = bucket.read(object)
    const pieces: Uint8Array[] = []
    for (let piece = await reader.next(); piece; piece = await reader.next()) pieces.push(piece)
    found.push({ name: object.key, bytes: Buffer.concat(pieces) })
  }
  await bucket.close()
  return found
}

function resultsOfTable(ipc: Uint8Array): Result[] {
  return tableFromIPC(ipc).batches.flatMap((batch) => [...fromResultBatch(batch)] as Result[])
}
