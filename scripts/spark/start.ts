// A Spark Connect server for a developer, until Ctrl-C: npm run spark -- [--cluster]
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { LocalSpark } from '../../test/spark/support/local-spark.js'

const { values } = parseArgs({ options: { cluster: { type: 'boolean' } } })
const spark = await LocalSpark.start(values)
console.log(`export SPARK_REMOTE='${spark.remote}'`)
console.log(`# the master is ${spark.master}; logs are in ${spark.folder}, and go with the server`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process, 'SIGHUP')])
await spark.stop()
