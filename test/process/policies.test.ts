import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { compareCounts } from '../../src/core/results/compare.js'
import type { Result } from '../../src/core/results/result.js'
import { ResultSum } from '../../src/core/results/result-sum.js'
import type { SinkSpec } from '../../src/sinks/sink.js'
import { failsSometimes, flakySink } from '../support/flaky-sink.js'
import { truthOf, Workshop } from '../support/processing.js'

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31)
const SOURCE = 'sim:?seed=5&rows=20000'
const PARTITIONS = 3
/** Many results: a lane sends one as often as it can. */
const LANE = { intervalMs: 10, idleMs: 100 }

/** Runs `process` into `flaky:`, whose writes fail with this probability, until all that was replayed is committed. */
async function processed(share: number, options: string, fails = failsSometimes(share, SEED)) {
  const workshop = await Workshop.open(PARTITIONS)
  const flaky = flakySink('flaky', fails)
  const other = flakySink('other', () => undefined)
  const running = await workshop.start({
    to: [`flaky:?${options}`],
    plugged: [flaky.spec, other.spec],
    lane: LANE,
  })
  await workshop.replay(SOURCE, 10_000)
  await workshop.untilRead()
  await running.stop()
  return { flaky, other, running, outcomes: running.sinks[0].outcomes }
}

async function expectExact(results: Result[]): Promise<void> {
  const sum = new ResultSum({ orbitDetail: true })
  for (const result of results) sum.add(result)
  const total = sum.toResult('test')
  expect(total && compareCounts(await truthOf(SOURCE), total)).toEqual([])
  expect([sum.repeated, sum.gaps()]).toEqual([0, []])
}

describe.each([0.01, 0.1, 0.25])(`a sink of which %d of the writes fail (SEED=${SEED})`, (share) => {
  it('has everything in the end, when they are tried again', async () => {
    const { flaky, outcomes } = await processed(share, 'retries=50')
    await expectExact(flaky.kept)
    expect(outcomes).toMatchObject({ written: flaky.kept.length, fallenBack: 0, dropped: 0 })
    expect(outcomes?.retried).toBe(flaky.tries - flaky.kept.length)
  })

  it('has everything together with its fallback', async () => {
    const { flaky, other, outcomes } = await processed(share, 'on-failure=fallback&fallback=other:&retries=0')
    await expectExact([...flaky.kept, ...other.kept])
    expect(outcomes).toMatchObject({ written: flaky.kept.length, fallenBack: other.kept.length, dropped: 0 })
  })

  it('lacks what was dropped, and not one count more', async () => {
    const fails = failsSometimes(share, SEED)
    const refused: Result[] = []
    const { flaky, outcomes } = await processed(share, 'on-failure=drop&retries=0', (result) => {
      const lasting = fails(result) && 'lasting'
      if (lasting) refused.push(result)
      return lasting
    })
    expect(outcomes).toMatchObject({ written: flaky.kept.length, fallenBack: 0, dropped: refused.length })
    await expectExact([...flaky.kept, ...refused])
  })
})

describe('a sink that hangs', () => {
  it('has everything once it takes results again', async () => {
    const { spec, kept, hold } = slowSink()
    const workshop = await Workshop.open(PARTITIONS)
    await workshop.start({ to: ['slow:'], plugged: [spec], lane: LANE })
    await workshop.replay(SOURCE, 20_000)
    while (hold.waiting === 0) await sleep(10)
    expect([hold.waiting, kept.length]).toEqual([1, 0])
    hold.release()
    await workshop.untilRead()
    await expectExact(kept)
  })

  it('keeps its lanes from reading on, whatever comes', async () => {
    const { spec, kept, hold } = slowSink()
    const workshop = await Workshop.open(PARTITIONS)
    const { pool } = await workshop.start({ to: ['slow:'], plugged: [spec], lane: LANE })
    await workshop.replay(SOURCE)
    while (hold.waiting === 0) await sleep(10)
    let read = -1
    for (let seed = 1; read !== pool.counted.read; seed++) {
      read = pool.counted.read
      await workshop.replay(`sim:?rows=2000&seed=${seed}`)
      await sleep(3 * COUNTS_EVERY_MS)
    }
    expect(read).toBeGreaterThan(0)
    expect([hold.waiting, kept.length]).toEqual([1, 0])
    hold.release()
    await workshop.untilRead()
  })
})

/** Workers tell their counts so often. */
const COUNTS_EVERY_MS = 250

/** Takes nothing until it is released. */
function slowSink() {
  const { spec, kept } = flakySink('slow', () => undefined)
  const hold: { waiting: number; release: () => void } = { waiting: 0, release: () => undefined }
  const released = new Promise<void>((resolve) => {
    hold.release = resolve
  })
  const slow: SinkSpec = {
    ...spec,
    async open(uri, context) {
      const sink = await spec.open(uri, context)
      const write = async (result: Result) => {
        hold.waiting++
        await released
        await sink.write(result)
      }
      return { ...sink, write }
    },
  }
  return { spec: slow, kept, hold }
}
