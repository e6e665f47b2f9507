import { ExpectedError } from '../../../errors.js'
import { connectionReason } from './reach/words.js'

/** What went wrong in the end: kafkajs wraps errors in errors. */
export function rootOf(error: unknown): Partial<KafkaFailure> {
  let root = error as Partial<KafkaFailure>
  while (root.cause) root = root.cause as Partial<KafkaFailure>
  return root
}

export interface KafkaFailure {
  name: string
  message: string
  /** of a broker's answer: `NOT_LEADER_FOR_PARTITION` and the like */
  type: string
  /** of a broker's answer a number, of a connection `ECONNREFUSED` and the like */
  code: number | string
  /** of a connection: `host:port` */
  broker: string
  retriable: boolean
  cause: unknown
}

/** Another producer has the transactional id by now. */
export function isFenced(error: unknown): boolean {
  const { type = '', code } = rootOf(error)
  return ['INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_ID_MAPPING'].includes(type) || code === PRODUCER_FENCED
}

const PRODUCER_FENCED = 90

interface Explanation {
  sentence(what: string): string
  suggestions: string[]
}

/** Answers of brokers that no waiting mends. `what` is what was to be done: `write to data_raw`. */
const FINAL: Record<string, Explanation> = {
  TOPIC_AUTHORIZATION_FAILED: refused('the topic'),
  GROUP_AUTHORIZATION_FAILED: refused('the group'),
  CLUSTER_AUTHORIZATION_FAILED: refused('the cluster'),
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: refused('the transactional id'),
  MESSAGE_TOO_LARGE: {
    sentence: (what) => `the broker does not take messages as large as this one, to ${what}`,
    suggestions: [
      "raise the topic's max.message.bytes",
      'or send less at once: --orbit-detail none, a shorter --interval',
    ],
  },
  RECORD_LIST_TOO_LARGE: {
    sentence: (what) => `the broker does not take so much at once, to ${what}`,
    suggestions: ["raise the topic's max.message.bytes and segment.bytes"],
  },
  INVALID_REPLICATION_FACTOR: {
    sentence: (what) => `there are not as many brokers as replicas asked for, to ${what}`,
    suggestions: ['--replication-factor 1 on a single broker'],
  },
  INVALID_TOPIC_EXCEPTION: {
    sentence: (what) => `the broker does not take this name for a topic, to ${what}`,
    suggestions: ['letters, digits, dots, underscores and hyphens, 249 at most'],
  },
  POLICY_VIOLATION: {
    sentence: (what) => `a policy of the brokers forbids to ${what}`,
    suggestions: ['ask who runs the brokers'],
  },
  UNSUPPORTED_VERSION: {
    sentence: (what) => `the brokers are too old or too new to ${what}`,
    suggestions: ['Kafka 2.5 to 4.x is supported'],
  },
  INVALID_TRANSACTION_TIMEOUT: {
    sentence: (what) => `the broker allows only shorter transactions, to ${what}`,
    suggestions: ['raise transaction.max.timeout.ms of the brokers to 30000 at least'],
  },
}

function refused(what: string): Explanation {
  return {
    sentence: (todo) => `the broker does not allow us to ${todo}: no right to ${what}`,
    suggestions: ['ask who runs the brokers for the right, or connect as another user'],
  }
}

/** What waiting may mend, in words for who waits. */
const PASSING: Record<string, string> = {
  NOT_ENOUGH_REPLICAS: 'too few replicas are in sync',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'too few replicas are in sync',
  UNKNOWN_TOPIC_OR_PARTITION: 'the topic is not known',
  LEADER_NOT_AVAILABLE: 'a partition has no leader',
  NOT_LEADER_FOR_PARTITION: 'a partition changes its leader',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'the coordinator is not available',
  NOT_COORDINATOR_FOR_GROUP: 'the coordinator changes',
  GROUP_LOAD_IN_PROGRESS: 'the coordinator is loading',
  CONCURRENT_TRANSACTIONS: 'a transaction is being ended',
  REQUEST_TIMED_OUT: 'the broker took too long',
}

/** In a few words. */
export function reasonOf(error: unknown): string {
  const { type, code, broker, message, name } = rootOf(error)
  return (type && PASSING[type]) || connectionReason(code, broker ?? 'the broker') || message || name || String(error)
}

/** The error as a user should see it, where no waiting mends it; otherwise undefined. */
export function finalError(error: unknown, what: string): ExpectedError | undefined {
  const root = rootOf(error)
  if (root instanceof ExpectedError) return root
  const { type = '', name, message = '' } = root
  const known = FINAL[type]
  if (known) return new ExpectedError(known.sentence(what), known.suggestions)
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED')
    return new ExpectedError(`the broker did not accept the credentials: ${message}`, [
      'check the user name, the password and sasl.mechanism',
    ])
  if (type === 'UNSUPPORTED_SASL_MECHANISM')
    return new ExpectedError(`the broker does not know this SASL mechanism: ${message}`, ['check sasl.mechanism'])
  return undefined
}
