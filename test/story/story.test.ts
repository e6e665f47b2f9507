import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Audit } from '../../src/audit/audit.js'
import { compareCounts } from '../../src/core/results/compare.js'
import { parseResult } from '../../src/core/results/parse-result.js'
import type { Result } from '../../src/core/results/result.js'
import { wideCli } from '../kafka/errors/refusal.js'
import { LocalKafka } from '../kafka/support/local-kafka.js'
import { ACCESS_KEY, LocalS3, SECRET_KEY } from '../s3/support/local-s3.js'
import { fillBucket, plainClient } from '../s3/support/plain-client.js'
import type { Cli } from '../support/built-cli.js'
import { expectExact } from '../support/lane.js'
import { oracleCounts, recordsIn } from '../support/oracle.js'

const ROWS = 60_000
const OBJECTS = 3

let kafka: LocalKafka
let bucket: LocalS3
let cli: Cli
let text: string
beforeAll(async () => {
  const servers = await Promise.all([LocalKafka.start(), LocalS3.start({ tls: true })])
  kafka = servers[0]
  bucket = servers[1]
  cli = wideCli({
    DTSTREAM_LOG: '',
    KAFKA_BOOTSTRAP_SERVER: kafka.bootstrap,
    AWS_ENDPOINT_URL: bucket.endpoint,
    AWS_CA_BUNDLE: bucket.certificate ?? '',
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  })
  text = await simulatedText()
  await fillBucket(plainClient(bucket), 'cosmics', objectsOf(text))
})
afterAll(async () => {
  cli?.dispose()
  await bucket?.stop()
  await kafka?.stop()
})

/** Rows of the simulated detector, as the readout program writes them. */
async function simulatedText(): Promise<string> {
  const { createSimulator } = await import('../../src/core/simulator/simulator.js')
  const { parseSimulatorOptions } = await import('../../src/core/simulator/parse-options.js')
  const { createRowBuffer } = await import('../../src/core/rows/row-buffer.js')
  const { DEFAULT_RUN } = await import('../../src/core/run-file/run-file.js')
  const simulator = createSimulator(parseSimulatorOptions(new URLSearchParams('seed=11'), DEFAULT_RUN))
  const rows = createRowBuffer(ROWS)
  simulator.fill(rows)
  const { head, fpga, channel, orbit, bx, tdc } = rows.columns
  return Array.from({ length: rows.length }, (_, i) =>
    [head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]].join(),
  ).join('\n')
}

/** `data_000000.txt` and on, each with the header line. */
function objectsOf(all: string): Record<string, string> {
  const lines = all.split('\n')
  const each = Math.ceil(lines.length / OBJECTS)
  const header = 'HEAD,FPGA,TDC_CHANNEL,ORBIT_CNT,BX_COUNTER,TDC_MEAS'
  return Object.fromEntries(
    Array.from({ length: OBJECTS }, (_, i) => [
      `data_${String(i).padStart(6, '0')}.txt`,
      `${header}\n${lines.slice(i * each, (i + 1) * each).join('\n')}\n`,
    ]),
  )
}

async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.run(...args)
  expect(code, stderr).toBe(0)
  return stdout
}

function resultIn(json: string): Result {
  const result = parseResult(json.trim())
  if (typeof result === 'string') throw new Error(result)
  return result
}

it('bucket, replay, Kafka, process, results: each row counts once, live and recorded', async () => {
  await run('topics', 'create')
  const processing = cli.start(
    // a pause in the rows, which a busy machine may make, closes no orbit; their end does
    ...['process', '--workers', '2', '--interval', '500ms', '--idle', '10m', '--no-progress'],
    ...['--to', 'topic:data_clean', '--to', 's3://cosmics/results/?format=parquet', '--hits-to', 's3://cosmics/hits/'],
  )
  const watching = cli.start('watch', '--json')
  let merged = ''
  watching.child.stdout?.on('data', (more: string) => {
    merged += more
  })
  await run('replay', 's3://cosmics/data_', '--rate', '10k/s', '--no-progress')
  const goesOn = async () => {
    const { exitCode } = processing.child
    expect(exitCode, exitCode === null ? '' : (await processing.ended).stderr).toBeNull()
  }
  // before the first result an audit has nothing to say
  for (; merged === ''; await sleep(100)) await goesOn()
  const isDone = async () => {
    const audit = await cli.json<Audit>('audit', '--no-progress')
    expect(audit).toMatchObject({ verdict: 'exact' })
    return audit.rows === ROWS && audit.pending === 0
  }
  while (!(await isDone())) await goesOn()
  for (; !merged.includes(`"read":${ROWS}`); await sleep(100)) await goesOn()
  for (const { child, ended } of [processing, watching]) {
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(code, stderr).toBe(130)
  }

  const live = resultIn(await run('merge', '--to', 'stdout:'))
  expectExact(live, oracleCounts(recordsIn(Buffer.from(text))))
  const kept = resultIn(await run('merge', '--from', 's3://cosmics/results/', '--to', 'stdout:'))
  expect(compareCounts(live, kept)).toEqual([])
  const again = resultIn(await run('process', '--from', 's3://cosmics/hits/', '--to', 'stdout:', '--no-progress'))
  const { rows } = live
  const recorded = { ...rows, read: rows.hits + rows.scintillator, ancillary: 0, unmapped: 0 }
  expect(compareCounts({ ...live, rows: recorded }, again)).toEqual([])
})
