// Starts a broker, tells of it on a line, and waits to be killed.
import { LocalKafka } from './local-kafka.js'

const kafka = await LocalKafka.start()
process.stdout.write(`${JSON.stringify(kafka.nodes[0])}\n`)
