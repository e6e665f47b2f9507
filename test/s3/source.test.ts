import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { S3Client } from '@aws-sdk/client-s3'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { decompress } from 'fzstd'
import { afterAll, beforeAll } from 'vitest'
import { DEFAULT_RUN, type RunFile } from '../../src/core/run-file/run-file.js'
import { type SourceKind, sourceConformance } from '../conformance/sources.js'
import { arrowFile, DAQ_OFFSET, daqFile, type TestRecord, textFile, zstdFrame } from '../support/row-files.js'
import { LocalS3 } from './support/local-s3.js'
import { fillBucket, plainClient } from './support/plain-client.js'

const BUCKET = 'rows'
const RUN: RunFile = {
  ...DEFAULT_RUN,
  raw_word: { layout: 'head2-fpga4', channel_offset: DAQ_OFFSET, tdc_offset: 0, tdc_offset_except: [] },
}

let server: LocalS3
let client: S3Client
beforeAll(async () => {
  server = await LocalS3.start()
  client = plainClient(server)
  await fillBucket(client, BUCKET, {})
})
afterAll(() => server.stop())

type Encode = (records: readonly TestRecord[]) => Buffer

sourceConformance(oneObject('rows.txt', textFile))
sourceConformance(oneObject('rows.txt.gz', (records) => gzipSync(textFile(records)), gunzipSync))
sourceConformance(oneObject('rows.txt.zst', (records) => zstdFrame(textFile(records)), decompress))
sourceConformance(oneObject('rows.dat', (records) => daqFile(records, 'head2-fpga4')))
for (const format of ['file', 'stream'] as const) {
  const { bytes: _, ...kind } = oneObject(`rows-${format}.arrow`, (records) => arrowFile(records, format))
  sourceConformance(kind)
}

const NAMES = ['data_2.txt', 'data_10.dat', 'data_11.txt']
sourceConformance({
  ...common('several objects below a prefix'),
  async make(folder, records) {
    const third = Math.ceil(records.length / NAMES.length)
    await put(folder, 'README', Buffer.from('no rows'))
    await put(folder, 'data_1.txt.meta', Buffer.from('no rows'))
    for (const [i, name] of NAMES.entries()) {
      const slice = records.slice(i * third, (i + 1) * third)
      await put(folder, name, name.endsWith('.dat') ? daqFile(slice, 'head2-fpga4') : textFile(slice))
    }
    return { uri: `s3://${BUCKET}/${path.basename(folder)}/` }
  },
  bytes: (folder, part) => stored(folder, NAMES[part]),
})

/** An object of that name below a prefix of its own. */
function oneObject(
  name: string,
  encode: Encode,
  decode: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): SourceKind {
  return {
    ...common(`the object ${name}`),
    async make(folder, records) {
      await put(folder, name, encode(records))
      return { uri: `s3://${BUCKET}/${path.basename(folder)}/${name}` }
    },
    bytes: async (folder) => decode(await stored(folder, name)),
  }
}

function common(name: string): Omit<SourceKind, 'make'> {
  return {
    name: `s3: ${name}`,
    run: RUN,
    canBeEmpty: true,
    s3: () => ({ endpoint: server.endpoint }),
    missing: (folder) => ({
      uri: `s3://${BUCKET}/${path.basename(folder)}/`,
      sentence: `there is no object s3://${BUCKET}/${path.basename(folder)}/`,
    }),
  }
}

async function put(folder: string, name: string, Body: Uint8Array): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${path.basename(folder)}/${name}`, Body }))
}

function stored(folder: string, name: string): Promise<Buffer> {
  return readFile(path.join(server.data, BUCKET, path.basename(folder), name))
}
