import type { KafkaConfig } from 'kafkajs'
import { ExpectedError } from '../../../errors.js'
import type { Internals } from './internals.js'

/** Before the answer itself. */
const LENGTH_BYTES = 4

type Sasl = NonNullable<KafkaConfig['sasl']>

/**
 * kafkajs passes over what a broker says to a token that it does not take (RFC 7628, 3.2.3), and waits for answers that
 * never come. This reads it.
 */
export function withCheckedToken(sasl: Sasl, { oauthRequest }: Internals): Sasl {
  if (!('oauthBearerProvider' in sasl)) return sasl
  const { oauthBearerProvider } = sasl
  const check = (answer: Buffer) => {
    if (answer.length > LENGTH_BYTES) throw refusal(answer)
  }
  return {
    mechanism: sasl.mechanism,
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const request = await oauthRequest({}, await oauthBearerProvider())
        const parse = async (answer: Buffer) => check(answer)
        await saslAuthenticate({ request, response: { decode: async (bytes: Buffer) => bytes, parse } })
      },
    }),
  }
}

/** The broker may tell why by a word, such as `invalid_token`. */
function refusal(answer: Buffer): ExpectedError {
  const status = /"status"\s*:\s*"([\w-]{1,40})"/.exec(String(answer))?.[1]
  return new ExpectedError(`the broker did not accept the token${status ? `: ${status}` : ''}`, [
    'check for whom the token is, and until when: sasl.oauthbearer.scope, the clock, or fetch a new one',
  ])
}
