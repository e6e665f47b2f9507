import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseEndpoint } from '../../../src/spark/connect/endpoint.js'
import { sql } from '../../../src/spark/connect/relations.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { LocalSpark } from '../support/local-spark.js'
import { startTlsFront, type TlsFront } from '../support/tls-front.js'

let spark: LocalSpark
let front: TlsFront
beforeAll(async () => {
  spark = await LocalSpark.start()
  front = await startTlsFront(spark.endpoint.port, spark.folder)
})
afterAll(async () => {
  front?.stop()
  await spark?.stop()
})

it('speaks TLS with who shows a certificate that is trusted', async () => {
  // as gRPC reads it when it is loaded, which it is not yet
  process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = front.certificate
  const env = { DTSTREAM_SPARK_TOKEN: spark.endpoint.token }
  const session = new SparkSession(parseEndpoint(`sc://localhost:${front.port}/;use_ssl=true`, 'argument', env))
  expect(await session.collect(sql('SELECT 1 AS one'))).toEqual([{ one: 1 }])
  await session.release()
  session.close()
})
