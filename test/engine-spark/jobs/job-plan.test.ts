import { describe, expect, it } from 'vitest'
import type { ExpectedError } from '../../../src/errors.js'
import { type JobRequest, recordOf, resumedPlan } from '../../../src/spark/jobs/job-plan.js'
import { PLAN, REQUEST, topicInfo } from '../support/sample-job.js'

const RECORD = JSON.parse(JSON.stringify(recordOf(PLAN, 'data_clean', '1.0.0')))
const resume = (changes: Partial<JobRequest> = {}, record = RECORD) =>
  resumedPlan(record, { ...REQUEST, ...changes }, 'file:///checkpoint', '1.1.0')

describe('a job that goes on from its checkpoint', () => {
  it('has the plan that it had, whatever the topic has by now', () => {
    expect(resume()).toEqual(PLAN)
    const topic = topicInfo('data_raw', 2)
    topic.offsets[0].end = 1000
    expect(resume({ topic, begin: 'end' })).toEqual(PLAN)
  })

  it.each<[string, Partial<JobRequest>, string]>([
    ['group', { group: 'other' }, 'the group was cosmics, not other'],
    ['topic of rows', { topic: topicInfo('other', 2) }, 'the topic of rows was data_raw, not other'],
    ['topic of results', { resultsTo: topicInfo('other', 1) }, 'the topic of results was data_clean, not other'],
    ['geometry', { geometry: 'abc' }, `the run file's geometry was ${PLAN.geometry}, not abc`],
    ['interval', { intervalMs: 1000 }, 'the interval in ms was 5000, not 1000'],
    ['grace', { grace: 1 }, 'the grace was 2048, not 1'],
    ['orbit detail', { orbitDetail: false }, '--orbit-detail was another'],
    ['number of partitions', { topic: topicInfo('data_raw', 3) }, 'data_raw had 2 partitions, not 3'],
  ])('is refused with another %s', (_, changes, difference) => {
    let refusal: ExpectedError | undefined
    try {
      resume(changes)
    } catch (error) {
      refusal = error as ExpectedError
    }
    expect(refusal?.message).toBe(`the checkpoint file:///checkpoint is of another job: ${difference}`)
    expect(refusal?.suggestions[0]).toMatch(/--checkpoint .* --group/)
  })

  it('is refused where this dtstream asks another query', () => {
    expect(() => resume({}, { ...RECORD, query: 'other' })).toThrow(/dtstream 1\.0\.0 asks another query than 1\.1\.0/)
  })
})
