import { describe, expect, it } from 'vitest'
import { keyOf, rowOf } from '../../../src/sinks/postgres/row.js'
import { messagesOf, sparkResults } from '../../support/spark-job.js'

describe('the key of a row', () => {
  it('is of the partition for the rows of a Spark job, and of where the job began for its windows', () => {
    const partitions = [messagesOf(['2,0,7,100,100,5']), messagesOf(['2,0,7,20000,100,5'], 5)]
    const { rows, windows } = sparkResults({ partitions })
    expect([...rows, ...windows].map((result) => keyOf(rowOf(result, 'g')))).toEqual([
      ['g', 'data_raw', 0, 0],
      ['g', 'data_raw', 1, 5],
      ['g', 'windows of data_raw since 0,5', -1, 0],
      ['g', 'windows of data_raw since 0,5', -1, 1],
    ])
  })
})
