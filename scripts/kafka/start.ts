// Brokers for a developer, until Ctrl-C: npm run kafka -- [--brokers 1|3] [--security plaintext|sasl_ssl]
import { exit, stderr, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { LocalKafka } from '../../test/kafka/support/local-kafka.js'

const { brokers, security } = readArguments()
const kafka = await LocalKafka.start({ brokers, security })
stdout.write(`Brokers: ${kafka.bootstrap}\n`)
if (security === 'sasl_ssl') {
  const scram = kafka.clientProperties('worker')
  stdout.write(`For dtstream --kafka-config, and Python: ${scram.librdkafka}\n`)
  stdout.write(`For Java's --command-config: ${scram.java}\n`)
  stdout.write(`For kcat -F: ${kafka.clientProperties('worker', 'PLAIN').librdkafka}\n`)
}
stdout.write('Ctrl-C ends them and removes what they hold.\n')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void kafka.stop())

function readArguments(): { brokers: 1 | 3; security: 'plaintext' | 'sasl_ssl' } {
  try {
    const { values } = parseArgs({ options: { brokers: { type: 'string' }, security: { type: 'string' } } })
    const { brokers = '1', security = 'plaintext' } = values
    if (brokers !== '1' && brokers !== '3') throw new Error('--brokers is 1 or 3.')
    if (security !== 'plaintext' && security !== 'sasl_ssl') throw new Error('--security is plaintext or sasl_ssl.')
    return { brokers: brokers === '3' ? 3 : 1, security }
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : error}\n`)
    exit(2)
  }
}
