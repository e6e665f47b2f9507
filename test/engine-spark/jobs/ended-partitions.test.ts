import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import { endedPartitions } from '../../../src/spark/jobs/ended-partitions.js'
import { replayInto, TOPIC } from '../../support/replayed.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

it('are those whose last message is an end mark, of what a job has read since it began', async () => {
  const folder = await temporaryFolder()
  const log = await openEmbeddedLog(join(folder, 'log'))
  onTestFinished(() => log.close())
  await log.createTopic({ name: TOPIC, partitions: 2 })
  const file = join(folder, 'rows.txt')
  await writeFile(file, Array.from({ length: 90 }, (_, i) => `2,0,5,${1_000_000 + 1000 * i},1,0\n`).join(''))
  const ends: number[][] = []
  for (let runs = 0; runs < 2; runs++) {
    await replayInto(log, { uris: [file] })
    ends.push(((await log.offsets(TOPIC)) ?? []).map(({ end }) => end))
  }
  const [first, second] = ends
  const ended = async (since: readonly number[], until: readonly number[]) => [
    ...(await endedPartitions(log, TOPIC, { since, until: new Map(until.entries()) })),
  ]
  expect(await ended([0, 0], first)).toEqual([0, 1])
  expect(await ended([0, 0], [first[0] - 1, first[1]])).toEqual([1])
  expect(await ended([0, 0], [first[0], first[1] + 1])).toEqual([0])
  expect(await ended([0, 0], [0, 0])).toEqual([])
  // the marks of the first run are not those of a job of the second
  expect(await ended(first, first)).toEqual([])
  expect(await ended(first, second)).toEqual([0, 1])
})
