import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { runDemo } from '../../src/demo/demo.js'
import { createResultLines } from '../../src/demo/result-lines.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import type { Log } from '../../src/log/log.js'
import { resultOfSize } from '../support/results.js'
import { temporaryFolder } from '../support/temporary-folder.js'

async function openedLog() {
  const log = await openEmbeddedLog(await temporaryFolder())
  onTestFinished(() => log.close())
  return log
}

/** The log, for a reader who takes his time. */
function slow(log: Log): Log {
  const reader: Log['reader'] = async (...args) => {
    const quick = await log.reader(...args)
    const next = async (waitMs: number) => {
      const batch = await quick.next(waitMs)
      if (batch) await sleep(300)
      return batch
    }
    return { next, close: () => quick.close() }
  }
  return Object.create(log, { reader: { value: reader } })
}

it('hands on every result, the one that is sent when it stops, too', async () => {
  const log = await openedLog()
  const results: Result[] = []
  const stop = new AbortController()
  const face = {
    add(result: Result) {
      results.push(result)
      setTimeout(() => stop.abort(), 300)
    },
    setLag: () => undefined,
    message: (text: string) => expect.fail(text),
  }
  await runDemo({ log: slow(log), run: DEFAULT_RUN, rate: 2000, signal: stop.signal, face })
  const [{ lanes }] = await log.groups('data_raw')
  expect(results.length).toBeGreaterThan(1)
  expect(results).toHaveLength(lanes[0].nextMessage)
  expect(results.at(-1)?.source).toMatchObject([{ to: lanes[0].nextOffset }])
})

it('ends with what went wrong', async () => {
  const log = await openedLog()
  const face = { add: () => log.deleteTopic('data_raw'), setLag: () => undefined, message: () => undefined }
  const run = runDemo({ log, run: DEFAULT_RUN, rate: 2000, signal: new AbortController().signal, face })
  await expect(run).rejects.toThrow('data_raw')
})

it('puts results into lines, in their order', async () => {
  const log = await openedLog()
  const printed: string[] = []
  const lines = createResultLines(
    log,
    (line) => printed.push(line),
    () => undefined,
  )
  for (const size of [160, 1600]) lines.add(resultOfSize(size))
  expect(printed).toEqual([])
  await lines.settled()
  expect(printed.map((line) => line.split(',')[0])).toEqual(['17 rows', '137 rows'])
})
