import { expect, it } from 'vitest'
import { Workshop } from '../support/processing.js'

it('a group whose offsets are gone does not count again what its results hold already', async () => {
  const shop = await Workshop.open(2)
  await shop.replay('sim:?rows=500&seed=3')
  const first = await shop.start()
  await first.untilCaughtUp()
  await first.stop()
  await shop.log.deleteTopic('data_raw')
  await shop.log.createTopic({ name: 'data_raw', partitions: 2 })
  await shop.replay('sim:?rows=300&seed=4')
  const before = await shop.results('topic:data_clean')
  await expect(shop.start().then(({ ended }) => ended)).rejects.toThrow(
    'data_clean holds results of group dtstream on data_raw, but what the group had committed is gone',
  )
  expect(await shop.results('topic:data_clean')).toEqual(before)
  const other = await shop.start({ group: 'other' })
  await other.untilCaughtUp()
  await other.stop()
  expect((await shop.audit('data_clean', 'other'))?.verdict).toBe('exact')
})
