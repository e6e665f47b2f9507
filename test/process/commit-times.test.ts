import { expect, it } from 'vitest'
import { hit, LaneTopic, START_MS } from '../support/lane-topic.js'

it('a lane knows how old the oldest row of a result is when it is committed', async () => {
  const topic = await LaneTopic.make()
  const append = (orbit: number) => async () => topic.append(hit(orbit))
  const { committed } = await topic.run({
    intervalMs: 1000,
    idleMs: 100_000,
    events: [
      [0, append(100)],
      [300, append(101)],
      [1250, append(102)],
      [2500, async () => undefined],
      [2600, append(103)],
      [2700, 'stop'],
    ],
  })
  // the first two rows, then one, then what is left
  expect(committed.map(({ ageMs }) => ageMs)).toEqual([1000, 750, 100])
  for (const { commitMs } of committed) expect(commitMs).toBe(0)
})

it('a lane of several partitions knows it likewise', async () => {
  const topic = await LaneTopic.make({ partitions: 2 })
  const append = (partition: number, orbit: number) => async () => topic.appendTo(partition, hit(orbit))
  const { committed } = await topic.run({
    intervalMs: 1000,
    idleMs: 100_000,
    events: [
      [0, append(0, 100)],
      [300, append(1, 101)],
      [1250, append(0, 102)],
      [1400, append(1, 103)],
      [2500, async () => undefined],
      [2600, append(1, 104)],
      [2650, append(0, 105)],
      [2700, 'stop'],
    ],
  })
  // when a round is folded hangs on when partitions are looked at; each result has one row of both
  const ends = (await topic.results()).map(({ interval }) => Date.parse(interval.end) - START_MS)
  expect(committed.map(({ ageMs }, i) => ends[i] - (ageMs ?? 0))).toEqual([0, 1250, 2600])
})

it('a result that is not committed yet has no age', async () => {
  const topic = await LaneTopic.make()
  await topic.append(hit(100), hit(101))
  const { committed } = await topic.run({ commitEach: false, commitTo: undefined })
  expect(committed).toEqual([])
  expect(await topic.committedOffset()).toBe(2)
})
