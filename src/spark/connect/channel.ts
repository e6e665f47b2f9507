import type { ChannelOptions, ClientReadableStream, Metadata, ServiceError } from '@grpc/grpc-js'
import { describeEndpoint, type Endpoint, isLoopback } from './endpoint.js'
import { callFailure } from './failures.js'
import { protocol } from './protocol.js'

const LARGEST_MESSAGE_BYTES = 64 * 1024 ** 2
/** A call that is not a query is answered by then, ms. */
const LONGEST_CALL_MS = 60_000
/** A silent connection is looked after so often, ms: a server takes it amiss more often than every five minutes. */
const KEEPALIVE_MS = 330_000
const KEEPALIVE_TIMEOUT_MS = 20_000
/** After a failed connection the next call connects anew at once, and a call soon after it so late, ms. */
const RECONNECT_MS = { initial: 100, longest: 2000 }

type Unary = (
  request: object,
  metadata: Metadata,
  options: { deadline: number },
  done: (error: ServiceError | null, answer?: object) => void,
) => void
type Streaming = (request: object, metadata: Metadata, options: { deadline?: number }) => ClientReadableStream<object>

type Methods = Record<'AnalyzePlan' | 'Config' | 'ReleaseSession', Unary> & { ExecutePlan: Streaming; close(): void }

/** Calls of one server. Failures are SparkErrors; nothing is tried twice. */
export class Channel {
  private readonly client: Methods
  private readonly metadata: Metadata
  private readonly where: string

  constructor(endpoint: Endpoint) {
    const { grpc, Service } = protocol()
    const { host, tls, token } = endpoint
    this.where = describeEndpoint(endpoint)
    const credentials = tls ? grpc.credentials.createSsl() : grpc.credentials.createInsecure()
    this.client = new Service(this.where, credentials, optionsFor(host)) as unknown as Methods
    this.metadata = new grpc.Metadata()
    if (token) this.metadata.set('authorization', `Bearer ${token}`)
  }

  call<Answer>(method: 'AnalyzePlan' | 'Config' | 'ReleaseSession', request: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.client[method](request, this.metadata, { deadline: Date.now() + LONGEST_CALL_MS }, (error, answer) => {
        if (error) reject(callFailure(error, this.where))
        else resolve(answer as Answer)
      })
    })
  }

  /** The answers to a plan as they come. A query takes as long as it takes, a command not longer than other calls. */
  async *execute<Answer>(request: object, kind: 'query' | 'command'): AsyncGenerator<Answer> {
    const limit = kind === 'query' ? {} : { deadline: Date.now() + LONGEST_CALL_MS }
    const call = this.client.ExecutePlan(request, this.metadata, limit)
    try {
      yield* call as AsyncIterable<Answer>
    } catch (error) {
      throw isServiceError(error) ? callFailure(error, this.where) : error
    } finally {
      call.cancel()
    }
  }

  close(): void {
    this.client.close()
  }
}

function optionsFor(host: string): ChannelOptions {
  return {
    'grpc.max_receive_message_length': LARGEST_MESSAGE_BYTES,
    'grpc.max_send_message_length': LARGEST_MESSAGE_BYTES,
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc.initial_reconnect_backoff_ms': RECONNECT_MS.initial,
    'grpc.max_reconnect_backoff_ms': RECONNECT_MS.longest,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': isLoopback(host) ? 0 : 1,
    // channels of one process share nothing, so that one that is closed and opened again is a new one
    'grpc.use_local_subchannel_pool': 1,
  }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error
}
