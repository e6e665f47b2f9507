import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ownIdentity } from '../../../src/log/embedded/process-identity.js'
import { withJobLocked } from '../../../src/spark/jobs/job-lock.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const never = new AbortController().signal

it('lets one at a time work on a job, whatever becomes of the work', async () => {
  const folder = join(await temporaryFolder(), 'job')
  let working = 0
  const work = async (i: number) => {
    expect(++working).toBe(1)
    await nextTurn()
    working--
    if (i === 2) throw new Error('failed')
    return i
  }
  const all = await Promise.allSettled([0, 1, 2, 3].map((i) => withJobLocked(folder, never, () => work(i))))
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
})

it('passes over the lock of a process that has ended', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'lock'), JSON.stringify({ ...ownIdentity(), started: 'before' }))
  expect(await withJobLocked(folder, never, async () => 'done')).toBe('done')
})

it('waits for another until the signal aborts', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'lock'), JSON.stringify(ownIdentity()))
  const stop = new AbortController()
  const waiting = withJobLocked(folder, stop.signal, () => expect.fail())
  stop.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
})
