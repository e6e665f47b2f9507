import type { ServiceError } from '@grpc/grpc-js'
import { ExpectedError } from '../../errors.js'
import { refusalIn } from '../sql/messages.js'
import type { QueryException } from './messages.js'
import { firstSentence, innermostClass } from './spark-words.js'
import { type ErrorInfo, errorInfoOf } from './status-details.js'

/** What a failure means for who follows a job: whether to connect again, to start again, or to give up. */
export type Trouble = 'lost' | 'session gone' | 'query gone' | 'refused' | 'of Spark'

/** A failure of Spark, or of the way to it, as one sentence. */
export class SparkError extends ExpectedError {
  constructor(
    message: string,
    suggestions: string[],
    readonly trouble: Trouble,
    /** as `TABLE_OR_VIEW_NOT_FOUND`, where Spark gives one */
    readonly errorClass?: string,
    /** all that Spark says, for logs */
    readonly detail?: string,
  ) {
    super(message, suggestions)
  }
}

/** Whether no server answered: the work may go on there, and connecting again may help. */
export function isLost(error: unknown): boolean {
  return error instanceof SparkError && error.trouble === 'lost'
}

/** Whether the server no longer knows the session, as after its restart: its views and queries are gone. */
export function isSessionGone(error: unknown): boolean {
  return error instanceof SparkError && error.trouble === 'session gone'
}

/** Whether the session is there, and knows no such query. */
export function isQueryGone(error: unknown): boolean {
  return error instanceof SparkError && error.trouble === 'query gone'
}

/** gRPC's numbers of failures. */
const CODE = {
  DEADLINE_EXCEEDED: 4,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  UNAUTHENTICATED: 16,
}
/** CANCELLED, INTERNAL and UNAVAILABLE: what is left of a call whose connection broke */
const BROKEN = [1, 13, 14]
const TOKEN = 'set DTSTREAM_SPARK_TOKEN to the token that the server asks for'

/**
 * A failed call in words.
 * @param where HOST:PORT
 */
export function callFailure(error: ServiceError, where: string): SparkError {
  const info = errorInfoOf(error)
  return info ? answerFailure(info) : wayFailure(error, where)
}

/** Of calls that are under way when their session or the server ends. */
const CUT_OFF = /^\[?(INVALID_CURSOR\.|INVALID_HANDLE\.OPERATION_|OPERATION_CANCELED)/

/** What Spark itself answered. */
function answerFailure({ errorClass, message }: ErrorInfo): SparkError {
  const failure = (trouble: Trouble, suggestions: string[]) =>
    new SparkError(sentenceOf(errorClass, message), suggestions, trouble, errorClass, message)
  if (/^INVALID_HANDLE\.SESSION_/.test(errorClass ?? ''))
    return failure('session gone', ['the server was restarted, or the session was ended: start the job again'])
  if (/Streaming query \S+ is not found/.test(message)) return failure('query gone', ['start the job again'])
  if (/stopped SparkContext/.test(message) || CUT_OFF.test(errorClass ?? message))
    return failure('lost', ['the server is ending, or its master is gone: look at its log'])
  if (/Failed to find data source: kafka/.test(message))
    return failure('of Spark', ["give the server Kafka's connector: --jars or --packages of spark-submit"])
  return failure('of Spark', [])
}

/** What went wrong before Spark could answer. */
function wayFailure({ code, details }: ServiceError, where: string): SparkError {
  const failure = (trouble: Trouble, sentence: string, suggestion: string) =>
    new SparkError(sentence, [suggestion], trouble, undefined, details)
  switch (code) {
    case CODE.DEADLINE_EXCEEDED:
      return failure('lost', `the Spark Connect server at ${where} does not answer in time`, 'look at its log')
    case CODE.UNAUTHENTICATED:
    case CODE.PERMISSION_DENIED:
      return failure('refused', `the Spark Connect server at ${where} does not let us in: ${details}`, TOKEN)
    case CODE.UNIMPLEMENTED:
      return failure('refused', `what answers at ${where} is no Spark Connect server`, 'check host and port')
    case CODE.RESOURCE_EXHAUSTED:
      return failure('refused', `an answer of Spark at ${where} is too large: ${details}`, 'ask for less at once')
  }
  if (!BROKEN.includes(code))
    return failure('refused', `the Spark Connect server at ${where} answered: ${details}`, 'look at its log')
  const [, reason, suggestion = START] = REASONS.find(([pattern]) => pattern.test(details)) ?? []
  return failure('lost', `no Spark Connect server answers at ${where}${reason ? `: ${reason}` : ''}`, suggestion)
}

const START = 'check host, port and use_ssl, and that the server runs: sbin/start-connect-server.sh of Spark starts one'
const TRUST = 'set NODE_EXTRA_CA_CERTS to the file with the certificate of its authority'

const REASONS: [pattern: RegExp, reason: string, suggestion?: string][] = [
  [/ECONNREFUSED/, 'nothing listens there'],
  [/ENOTFOUND|EAI_AGAIN|Name resolution failed/, 'there is no such host'],
  [/certificate|altnames/i, 'its certificate is not trusted', TRUST],
  [/wrong version number|packet length too long/i, 'it does not speak TLS'],
  [/Protocol error/, 'it does not speak gRPC, or wants TLS'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'the host cannot be reached'],
]

/** What ended a streaming query, in words; nothing where it has not failed. */
export function queryFailure(exception: QueryException): SparkError | undefined {
  const message = exception.exceptionMessage
  if (!message) return undefined
  const refusal = refusalIn(message)
  if (refusal !== undefined) return new SparkError(refusal, ON_REFUSAL, 'refused', undefined, message)
  const [, cause = message] = /terminated with exception: ([\s\S]*)/.exec(message) ?? []
  const detail = [message, exception.stackTrace].filter((one) => one).join('\n')
  const errorClass = innermostClass(cause) ?? exception.errorClass
  return new SparkError(sentenceOf(errorClass, cause), [], 'of Spark', errorClass, detail)
}

/** Where our own SQL has found that its results would be wrong. */
const ON_REFUSAL = [
  'a job is of one run: another run needs a job of its own, with another --group, and --from-end or a topic of its own',
  'dtstream process without --engine spark reads all that a topic can have, follows every run and passes absurd orbits over',
]

function sentenceOf(errorClass: string | undefined, message: string): string {
  const sentence = firstSentence(message)
  if (errorClass === undefined) return `Spark says: ${sentence}`
  return `Spark says: ${sentence.includes(`[${errorClass}]`) ? sentence : `[${errorClass}] ${sentence}`}`
}
