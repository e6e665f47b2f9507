import { ExpectedError } from '../../../../errors.js'
import type { KafkaSettings } from '../../kafka-settings.js'
import { kafkaClientConfig } from '../../settings/client-config.js'
import { lookAtBroker, type Manner } from './look-at-broker.js'

/** Reasons that are told of, where brokers have one each. */
const MOST_TOLD = 3

/**
 * Resolves as soon as one of the brokers to begin with answers as it should.
 * @throws ExpectedError where none does, and no waiting mends that; otherwise an Error with the reasons
 */
export async function reachBroker(settings: KafkaSettings): Promise<void> {
  const { ssl, sasl } = kafkaClientConfig(settings)
  const manner: Manner = { ssl: typeof ssl === 'object' ? ssl : undefined, mechanism: sasl?.mechanism.toUpperCase() }
  try {
    await Promise.any(settings.brokers.map((broker) => lookAtBroker(addressOf(broker), manner)))
  } catch (error) {
    throw summary((error as AggregateError).errors)
  }
}

function addressOf(broker: string): { host: string; port: number } {
  const colon = broker.lastIndexOf(':')
  return { host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) }
}

/** As long as one of them may come to answer, it is waited for. */
function summary(errors: Error[]): Error {
  const passing = errors.filter((error) => !(error instanceof ExpectedError))
  if (passing.length === 0) return errors[0]
  const reasons = [...new Set(passing.map(({ message }) => message))]
  const more = reasons.length > MOST_TOLD ? [`and ${reasons.length - MOST_TOLD} more`] : []
  return new Error([...reasons.slice(0, MOST_TOLD), ...more].join(', '))
}
