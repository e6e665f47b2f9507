import type { Logger } from 'kafkajs'

export type KafkaJs = typeof import('kafkajs') & { internals: Internals }

/** What is used of kafkajs 2.2.4 beyond its own types. */
export interface Internals {
  requests: Record<'Fetch' | 'Produce', RequestDefinitions>
  createErrorFromCode(code: number): ProtocolError
  Encoder: new () => Encoder
  createEosManager(options: {
    logger: Logger
    cluster: Cluster
    transactional: true
    transactionalId: string
    transactionTimeout: number
  }): EosManager
  AssignerProtocol: typeof import('kafkajs').AssignerProtocol
  /** what says the token to a broker */
  oauthRequest(options: object, token: { value: string }): Promise<{ encode(): Promise<Buffer> }>
  Decoder: new (bytes: Buffer) => unknown
  RecordBatchDecoder(decoder: unknown): Promise<RecordBatchContext & { records: DecodedRecord[] }>
  RecordBatch(batch: object): Promise<Encoder>
  Record(message: KafkaJsMessage & { offsetDelta: number; timestampDelta: number }): Encoder
}

/** What a record batch says of itself. */
export interface RecordBatchContext {
  firstOffset: string
  lastOffsetDelta: number
  maxTimestamp: string
  producerId: string
  inTransaction: boolean
  isControlBatch: boolean
}

export interface DecodedRecord {
  offset: string
  value: Buffer | null
  headers: Record<string, Buffer | null | (Buffer | null)[] | undefined>
}

export interface KafkaJsMessage {
  key: Buffer | null
  value: Buffer | null
  headers: Record<string, string>
}

export interface ProtocolError extends Error {
  /** `NOT_LEADER_FOR_PARTITION` and the like */
  type: string
  code: number
  retriable: boolean
}

interface RequestDefinitions {
  protocol(options: { version: number }): (request: object) => Protocol<unknown>
}

export interface Protocol<T> {
  request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<Encoder> }
  response: { decode(payload: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<T> }
  /** ms; never less than the client's own */
  requestTimeout?: number
  logResponseError?: boolean
}

export interface Encoder {
  writeInt16(value: number): Encoder
  writeInt32(value: number): Encoder
  writeString(value: string | null): Encoder
  writeBoolean(value: boolean): Encoder
  writeUVarInt(value: number): Encoder
  writeUVarIntString(value: string): Encoder
  writeUVarIntArray(values: readonly Encoder[]): Encoder
  writeBuffer(value: Uint8Array): Encoder
  writeArray(values: readonly Encoder[]): Encoder
  readonly buffer: Buffer
  size(): number
}

export interface Broker {
  readonly nodeId: number
  /** of its requests by their keys, once it is connected */
  readonly versions: Record<string, { minVersion: number; maxVersion: number }> | null
  readonly connectionPool: { readonly host: string; readonly port: number; send<T>(protocol: Protocol<T>): Promise<T> }
  isConnected(): boolean
  disconnect(): Promise<void>
  findGroupCoordinator(group: CoordinatorQuery): Promise<CoordinatorAnswer>
  addPartitionsToTxn(
    request: TransactionRequest & { topics: { topic: string; partitions: readonly number[] }[] },
  ): Promise<unknown>
  addOffsetsToTxn(request: TransactionRequest & { groupId: string }): Promise<unknown>
  endTxn(request: TransactionRequest & { transactionResult: boolean }): Promise<unknown>
  listOffsets(request: {
    replicaId: number
    isolationLevel: number
    topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[]
  }): Promise<{ responses: { topic: string; partitions: { partition: number; offset: string }[] }[] }>
  offsetFetch(request: {
    groupId: string
    topics: { topic: string; partitions: { partition: number }[] }[]
  }): Promise<{ responses: { topic: string; partitions: CommittedOffset[] }[] }>
}

export interface TransactionRequest {
  transactionalId: string
  producerId: string
  producerEpoch: number
}

export interface CoordinatorQuery {
  groupId: string
  coordinatorType?: number
}

export interface CoordinatorAnswer {
  coordinator: { nodeId: number; host: string; port: number }
}

export interface CommittedOffset {
  partition: number
  /** -1 where there is none */
  offset: string
  metadata: string | null
}

export interface PartitionMetadata {
  partitionId: number
  leader: number
  replicas: number[]
  isr: number[]
}

export interface Cluster {
  /** how the transaction manager tries again */
  retry?: { initialRetryTime: number; maxRetryTime: number; retries: number }
  /** topics that every refresh asks for */
  readonly targetTopics: Set<string>
  connect(): Promise<void>
  disconnect(): Promise<void>
  isConnected(): boolean
  refreshMetadata(): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  findBroker(node: { nodeId: number }): Promise<Broker>
  findGroupCoordinator(group: CoordinatorQuery): Promise<Broker>
  findTopicPartitionMetadata(topic: string): PartitionMetadata[]
  readonly brokerPool: { readonly brokers: Record<string, Broker> }
  findGroupCoordinatorMetadata(group: CoordinatorQuery): Promise<CoordinatorAnswer>
  removeBroker(address: { host: string; port: number }): void
}

export interface EosManager {
  getProducerId(): string
  getProducerEpoch(): number
  initProducerId(): Promise<void>
  beginTransaction(): void
  addPartitionsToTransaction(topics: { topic: string; partitions: { partition: number }[] }[]): Promise<void>
  sendOffsets(offsets: {
    consumerGroupId: string
    topics: { topic: string; partitions: { partition: number; offset: string; metadata: string }[] }[]
  }): Promise<void>
  commit(): Promise<void>
}
