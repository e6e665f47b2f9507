import { describe, expect, it, vi } from 'vitest'
import { SparkError } from '../../../src/spark/connect/failures.js'
import { StreamingQuery } from '../../../src/spark/connect/streaming-query.js'
import { type FollowOptions, JobFollower } from '../../../src/spark/jobs/follow-job.js'
import type { JobQueries } from '../../../src/spark/jobs/start-queries.js'

/** What Spark answers of a query; nobody can make a real one lose its server, or drop rows, at a given moment. */
interface Script {
  reports?: object[]
  isActive?: boolean
  failure?: string
  lost?: boolean
}

const LOST = new SparkError('no Spark Connect server answers', [], 'lost')
const timestamp = '2024-03-01T00:00:00.000Z'
const report = (batchId: number, dropped = 0, runId = 'one') => ({
  ...{ runId, batchId, timestamp, sources: [{ numInputRows: 10 }] },
  stateOperators: [{ numRowsDroppedByWatermark: dropped }],
})

function query(script: Script): StreamingQuery {
  const answer = () => ({
    status: { isActive: script.isActive ?? true },
    recentProgress: { recentProgressJson: (script.reports ?? []).map((one) => JSON.stringify(one)) },
    exception: script.failure ? { exceptionMessage: script.failure } : {},
  })
  const run = async () => {
    if (script.lost) throw LOST
    return [{ streamingQueryCommandResult: answer() }]
  }
  return new StreamingQuery(run, { id: 'one', runId: 'one' })
}

const queries = (windows: Script, rows: Script = {}): JobQueries => ({ windows: query(windows), rows: query(rows) })

function follower(windows: Script, changes: Partial<FollowOptions> = {}) {
  const stop = new AbortController()
  const notices: string[] = []
  const following = new JobFollower({
    ...{ queries: queries(windows), group: 'cosmics', grace: 2048, signal: stop.signal },
    findAgain: () => expect.fail('nothing was lost'),
    onStatus: () => stop.abort(),
    onNotice: (text) => notices.push(text),
    ...changes,
  })
  return { following, stop, notices }
}

// waiting is not what is looked at here
vi.mock('node:timers/promises', async (original) => {
  const { setImmediate } = await original<typeof import('node:timers/promises')>()
  return { setTimeout: (_: number, value: undefined, options: { signal: AbortSignal }) => setImmediate(value, options) }
})

describe('who follows a job', () => {
  it('counts each report once, and those of a query that was started again', async () => {
    const script = { reports: [report(0), report(1)] }
    const { following } = follower(script)
    await following.readReports()
    script.reports.push(report(2))
    await following.readReports()
    expect(following.status).toMatchObject({ read: 30, batch: { id: 2 } })
    script.reports = [report(2, 0, 'two')]
    await following.readReports()
    expect(following.status.read).toBe(40)
  })

  it('ends when Spark dropped rows', async () => {
    const { following } = follower({ reports: [report(0), report(1, 5)] })
    await expect(following.follow()).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^Spark dropped the rows of 5 orbits, up to micro-batch 1: /),
        suggestions: expect.arrayContaining([expect.stringMatching(/--grace 2048 orbits/)]),
      }),
    )
  })

  it('ends with what ended a query', async () => {
    const failure = 'Job aborted: [DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012'
    const { following } = follower({ isActive: false, failure })
    await expect(following.follow()).rejects.toThrow(/\[DIVIDE_BY_ZERO\]/)
  })

  it('ends when somebody stopped a query', async () => {
    const { following } = follower({ isActive: false })
    await expect(following.follow()).rejects.toThrow('the job cosmics was stopped')
  })

  it.each([
    [true, ['looking for the job again', 'the job was started again from its checkpoint']],
    [false, ['looking for the job again']],
  ])('finds it again when its server was lost; started again: %s', async (isStartedAgain, words) => {
    const found = queries({ reports: [report(3)] })
    const findAgain = vi.fn().mockRejectedValueOnce(LOST).mockResolvedValue({ queries: found, isStartedAgain })
    const { following, notices } = follower({ lost: true }, { findAgain })
    await following.follow()
    expect(findAgain).toHaveBeenCalledTimes(2)
    expect(following.status).toMatchObject({ batch: { id: 3 }, restarts: isStartedAgain ? 1 : 0 })
    expect(notices).toEqual(words.map((one) => expect.stringContaining(one)))
  })

  it('gives up after eight tries to find the server again', async () => {
    const findAgain = vi.fn().mockRejectedValue(LOST)
    const { following } = follower({ lost: true }, { findAgain })
    await expect(following.follow()).rejects.toBe(LOST)
    expect(findAgain).toHaveBeenCalledTimes(8)
  })

  it('is free to go while it looks for the server', async () => {
    const findAgain = vi.fn().mockRejectedValue(LOST)
    const { following, stop } = follower({ lost: true }, { findAgain })
    findAgain.mockImplementationOnce(async () => {
      stop.abort()
      throw LOST
    })
    await following.follow()
    expect(findAgain).toHaveBeenCalledTimes(1)
  })
})
