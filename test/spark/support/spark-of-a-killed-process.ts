// Starts Spark, tells of it on a line, and waits to be killed.
import { LocalSpark } from './local-spark.js'

const { folder, serverPid: pid } = await LocalSpark.start()
process.stdout.write(`${JSON.stringify({ folder, pid })}\n`)
setInterval(() => undefined, 60_000)
