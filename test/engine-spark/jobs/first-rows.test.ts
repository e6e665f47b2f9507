import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import type { Log } from '../../../src/log/log.js'
import { firstRows, lowestOrbit } from '../../../src/spark/jobs/first-rows.js'
import { replayInto, TOPIC } from '../../support/replayed.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const MARGIN = 2 ** 24
const CYCLE = 2 ** 32

describe('the lowest orbit of a run', () => {
  it('lies below the first orbits by the margin, but not below 0 unless one of them has not wrapped yet', () => {
    expect(lowestOrbit([MARGIN + 500, MARGIN + 7])).toBe(7)
    expect(lowestOrbit([500])).toBe(0)
    expect(lowestOrbit([3, CYCLE - 5])).toBe(CYCLE - 5 - MARGIN)
  })

  it('tells orbits before the wrap from those behind it', () => {
    const spread = MARGIN / 2
    const start = fc.integer({ min: 0, max: CYCLE - 1 })
    const ahead = fc.array(fc.integer({ min: 0, max: spread }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(start, ahead, fc.integer({ min: 0, max: CYCLE / 2 }), (first, offsets, later) => {
        const lowest = lowestOrbit(offsets.map((offset) => (first + offset) % CYCLE))
        const countedOn = (at: number) => (at % CYCLE < lowest ? CYCLE : 0) + (at % CYCLE)
        // of any two orbits of the run, the one that came later counts as higher
        const all = [...offsets.map((offset) => first + offset), first + spread + later].sort((a, b) => a - b)
        const counted = all.map(countedOn)
        expect(counted.map((one) => one - counted[0])).toEqual(all.map((one) => one - all[0]))
      }),
    )
  })
})

async function topicOf(...texts: string[]): Promise<Log> {
  const folder = await temporaryFolder()
  const log = await openEmbeddedLog(join(folder, 'log'))
  onTestFinished(() => log.close())
  await log.createTopic({ name: TOPIC, partitions: 3 })
  for (const [i, text] of texts.entries()) {
    const file = join(folder, `${i}.txt`)
    await writeFile(file, text)
    await replayInto(log, { uris: [file] })
  }
  return log
}

const look = (log: Log, signal: AbortSignal, onNotice: (text: string) => void = () => {}) =>
  firstRows(log, { topic: TOPIC, since: [0, 0, 0], run: DEFAULT_RUN }, { signal, onNotice })
const never = new AbortController().signal

describe('the first rows of a topic', () => {
  it('tell the orbit at which each partition begins, past rows that are no hits and a stray', async () => {
    const noHits = '0,1,0,7,18504,-3\n2,1,137,8,1,0\nnonsense\n2,1,128,9,1,0\n'
    const hits = Array.from({ length: 90 }, (_, i) => `2,0,5,${1_000_000 + i},1,0\n`)
    const log = await topicOf(`${noHits}2,0,5,4000000000,1,0\n${hits.join('')}`)
    const found = await look(log, never)
    expect(found?.orbits.length).toBeGreaterThan(0)
    for (const orbit of found?.orbits ?? []) expect(Math.abs(orbit - 1_000_045)).toBeLessThan(45)
    expect(found?.rowsPerMessage).toBeGreaterThan(0)
    expect(found?.rowsPerMessage).toBeLessThanOrEqual(1)
  })

  it('are waited for, which is told once', async () => {
    const log = await topicOf('0,1,0,7,18504,-3\n')
    const notices: string[] = []
    const looking = look(log, never, (text) => notices.push(text))
    await expect.poll(() => notices).toHaveLength(1)
    const file = join(await temporaryFolder(), 'late.txt')
    await writeFile(file, '2,0,5,77,1,0\n')
    await replayInto(log, { uris: [file] })
    expect((await looking)?.orbits).toEqual([77])
    expect(notices).toEqual([`there are no hits in ${TOPIC} to begin with: waiting for the first`])
  })

  it('are waited for until the signal aborts', async () => {
    const stop = new AbortController()
    const log = await topicOf()
    expect(await look(log, stop.signal, () => stop.abort())).toBeUndefined()
  })
})
