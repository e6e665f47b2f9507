// Brokers for a developer, until Ctrl-C: npm run kafka -- [--brokers 1|3]
import { stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { LocalKafka } from '../../test/kafka/support/local-kafka.js'

const { values } = parseArgs({ options: { brokers: { type: 'string', default: '1' } } })
if (values.brokers !== '1' && values.brokers !== '3') throw new Error('--brokers is 1 or 3')

const kafka = await LocalKafka.start({ brokers: values.brokers === '3' ? 3 : 1 })
stdout.write(`${kafka.bootstrap}\n`)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void kafka.stop())
