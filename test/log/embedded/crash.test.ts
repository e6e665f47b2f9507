import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import type { Lane, Log } from '../../../src/log/log.js'
import { seeded } from '../../support/stream.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { readAll, valuesOf } from '../messages.js'
import { Child } from './child.js'
import { PARTITIONS, roundResult, roundValues } from './rounds.js'

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
const FOLDERS = 4
const KILLS = 5
const LONG = { timeout: 120_000 }

describe('a writer that is killed with SIGKILL', () => {
  it(
    `leaves all of what it was told is safe, and nothing by halves (${FOLDERS} x ${KILLS} kills, SEED=${SEED})`,
    LONG,
    async () => {
      await Promise.all(Array.from({ length: FOLDERS }, (_, i) => killAndLook(SEED + i)))
    },
  )
})

/** Kills one writer after another in a folder, and looks at what it left each time. */
async function killAndLook(seed: number): Promise<void> {
  const random = seeded(seed)
  const folder = await temporaryFolder()
  const log = await openEmbeddedLog(folder)
  await log.createTopic({ name: 'data_raw', partitions: PARTITIONS })
  await log.createTopic({ name: 'data_clean', partitions: 1 })
  for (let kill = 0; kill < KILLS; kill++) {
    const child = new Child('crash-writer', folder)
    await child.next()
    await sleep(3 + random() ** 2 * 200)
    await child.kill()
    const acknowledged = Number(child.said.at(-1))
    const round = Number(await log.progress('source'))
    expect([acknowledged, acknowledged + 1]).toContain(round)
    await expectRounds(log, round)
    await expectResults(log, round, kill + 1)
  }
  await log.close()
}

/** Every partition holds rounds 1 to the last, whole and in order, with offsets that run on. */
async function expectRounds(log: Log, last: number): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const messages = await readAll(await log.reader('data_raw', partition, 0))
    expect(messages.every(({ offset }, i) => offset === i)).toBe(true)
    const wanted = Array.from({ length: last }, (_, i) => roundValues(i + 1, partition)).flat()
    expect(messages.length).toBe(wanted.length)
    expect(messages.every(({ value }, i) => value === wanted[i])).toBe(true)
  }
}

/** As many results as the lane's state says, and one for each round but the last of each process that was killed. */
async function expectResults(log: Log, rounds: number, kills: number): Promise<void> {
  const member: number[] = []
  const joined = await log.joinGroup({
    ...{ group: 'g', topic: 'data_raw', whole: false, member: 'the test', onWaiting: () => {} },
    onLane: (lane: Lane) => member.push(...(lane.partition === 0 ? [lane.state?.nextMessage ?? 0] : [])),
  })
  // only now: a commit whose writer was killed before it could announce it is seen from the next write on
  const values = await valuesOf(await log.reader('data_clean', 0, 0))
  expect(values).toEqual(values.map((_, i) => roundResult(i).toString()))
  expect(values.length).toBeLessThanOrEqual(rounds)
  expect(values.length).toBeGreaterThanOrEqual(rounds - kills)
  // the killed process' lanes are free at once: its end is seen, not waited for
  expect(member).toEqual([values.length])
  await joined.leave()
}
