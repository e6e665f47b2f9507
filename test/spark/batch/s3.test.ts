import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectorJars } from '../../../scripts/spark/spark-files.js'
import { compareCounts } from '../../../src/core/results/compare.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { ACCESS_KEY, LocalS3, SECRET_KEY } from '../../s3/support/local-s3.js'
import { fillBucket, plainClient } from '../../s3/support/plain-client.js'
import { foldText } from '../../support/lane.js'
import { shuffledWithin, stream, textOf } from '../../support/stream.js'
import { LocalSpark } from '../support/local-spark.js'
import { s3Jars } from '../support/s3-jars.js'
import { analysedOnSpark } from './on-spark.js'

const BUCKET = 'rows'
const TEXT = textOf(shuffledWithin(500, stream({ seed: 8, orbits: 3000, start: 1_000_000, mostApart: 30 }), 8))
const CUT = TEXT.indexOf('\n', 60_000) + 1

/** Nothing, and a word about it, where Maven cannot have them. */
function fetchedJars(): string[] | undefined {
  try {
    return s3Jars()
  } catch (error) {
    console.warn(`Spark is not tested with S3: ${(error as Error).message}`)
    return undefined
  }
}

const jars = fetchedJars()

describe.skipIf(jars === undefined)('objects of a bucket', () => {
  let store: LocalS3
  let spark: LocalSpark
  let session: SparkSession
  beforeAll(async () => {
    store = await LocalS3.start()
    await fillBucket(plainClient(store), BUCKET, {
      'run/data_2.txt': Buffer.from(TEXT.slice(0, CUT)),
      'run/deep/data_10.txt.gz': gzipSync(TEXT.slice(CUT)),
      'run/README': Buffer.from('no rows'),
      'ruins.txt': Buffer.from('2,0,1,1,1,1\n'),
    })
    // Spark finds them in its environment
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: ACCESS_KEY, AWS_SECRET_ACCESS_KEY: SECRET_KEY })
    spark = await LocalSpark.start({ conf: { 'spark.jars': [connectorJars(), ...(jars ?? [])].join() } })
    session = new SparkSession(spark.endpoint)
  })
  afterAll(async () => {
    session?.close()
    await spark?.stop()
    await store?.stop()
  })

  const analysed = (uri: string) => analysedOnSpark(session, [uri], { s3: { endpoint: store.endpoint } })

  it('are those whose keys begin so, in natural order', async () => {
    const { results } = await analysed(`s3://${BUCKET}/run/`)
    expect(compareCounts(foldText(TEXT), results[0])).toEqual([])
    expect(results[0].source).toMatchObject([
      { name: expect.stringMatching(/^s3:\/\/rows\/run\/data_2\.txt of \d+ bytes/), from: 0, to: CUT },
      { name: expect.stringMatching(/^s3:\/\/rows\/run\/deep\/data_10\.txt\.gz of \d+ bytes/), to: TEXT.length - CUT },
    ])
  })

  it('may be one, whatever its name', async () => {
    expect((await analysed(`s3://${BUCKET}/run/README`)).read).toBe(1)
  })

  it('may not be there', async () => {
    await expect(analysed(`s3://${BUCKET}/nothing`)).rejects.toThrow(/^Spark finds nothing at s3:/)
  })
})
