import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { Cli } from '../support/built-cli.js'
import { expectExactWhenKilled, KILLS, type Place } from '../support/killed-trial.js'
import { LocalS3 } from './support/local-s3.js'
import { fillBucket, plainClient } from './support/plain-client.js'

const SLOW = 300_000

let server: LocalS3
let cli: Cli
beforeAll(async () => {
  server = await LocalS3.start()
  await fillBucket(plainClient(server), 'recorded', {})
  cli = new Cli({ AWS_ENDPOINT_URL: server.endpoint })
})
afterAll(async () => {
  cli?.dispose()
  await server?.stop()
})

/** The server keeps buckets as folders, and objects as files. */
const prefix = (name: string): Place => ({
  uri: `s3://recorded/${name}/`,
  folder: join(server.data, 'recorded', name),
})

it(
  `process killed ${KILLS} times at random while rows flow leaves no object missing or there twice`,
  () =>
    expectExactWhenKilled({
      cli,
      results: prefix('results'),
      hits: prefix('hits'),
      also: ['--to', 'topic:data_clean'],
    }),
  SLOW,
)
