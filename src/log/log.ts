import type { LaneState } from '../core/orbits/lane-state.js'
import type { MessageBatch } from '../core/rows/message-batch.js'
import { ExpectedError } from '../errors.js'
import type { KafkaSettings } from './kafka/kafka-settings.js'

export { MESSAGE_KIND, type MessageBatch, offsetOf } from '../core/rows/message-batch.js'

/**
 * What the commands need of a log, whichever it is: topics with partitions, appends in batches, reading from any
 * offset, and lanes whose state and results are committed as one. Nothing here makes an object per message.
 */
export interface Log {
  /** What a user would call it: the folder, or the broker's address. */
  readonly name: string
  /** where it is, for another thread that opens it too */
  readonly place: LogPlace
  createTopic(spec: TopicSpec): Promise<void>
  deleteTopic(name: string): Promise<void>
  /** All topics, by name; `topic` gives undefined for one that does not exist. */
  topics(): Promise<TopicInfo[]>
  topic(name: string): Promise<TopicInfo | undefined>
  /** All batches in one transaction, with the source's progress, if given: either all are there afterwards or none. */
  append(topic: string, batches: readonly OutgoingBatch[], progress?: Progress): Promise<void>
  /** The progress last recorded under this key. @param topic the one that was appended to, if it is known */
  progress(key: string, topic?: string): Promise<unknown>
  /** What is kept of each partition of a topic, by partition, at little cost; undefined for one that does not exist. */
  offsets(topic: string): Promise<PartitionOffsets[] | undefined>
  /** Reads one partition from an offset on. */
  reader(topic: string, partition: number, from: number): Promise<PartitionReader>
  /** Joins a group as a member that works on the lanes of a topic. */
  joinGroup(options: GroupOptions): Promise<GroupMember>
  /**
   * Opens a lane that a group member of this process holds, in whatever thread, in one at a time. Whoever had it before is
   * shut out, and only then is read what was committed.
   * @param resultsTo the topic that its results are committed to, if any
   * @throws LaneLostError when the lease is no longer the lane's
   * @throws ExpectedError when the group has sent results of other lanes with the same partitions (see `stateFor`)
   */
  openLane(lease: LaneLease, resultsTo?: string): Promise<Lane>
  /** Groups that have committed on this topic: how far each lane has come, and who holds it now. */
  groups(topic: string): Promise<GroupInfo[]>
  close(): Promise<void>
}

/** Plain values, which may hold secrets: for another thread, not for a text. */
export type LogPlace = { kind: 'embedded'; folder: string } | { kind: 'kafka'; settings: KafkaSettings }

export interface TopicSpec {
  name: string
  partitions: number
  /** bytes of values kept over all partitions; older messages go */
  retentionBytes?: number
  /** age at which messages go, ms */
  retentionMs?: number
  /** copies of each partition, each with another broker; without it, as the brokers have it set */
  replicationFactor?: number
  /** largest message that the topic takes, where a log lets topics say so */
  maxMessageBytes?: number
}

export interface TopicInfo extends Required<TopicSpec> {
  /** by partition */
  offsets: (PartitionOffsets & { bytes: number })[]
  /** who has each partition, where a log has brokers */
  brokers?: PartitionBrokers[]
  /** every message so far came from a producer that puts all rows of an orbit into one partition */
  keyedByOrbit: boolean
}

/** Numbers of brokers. */
export interface PartitionBrokers {
  leader: number
  replicas: number[]
  /** of the replicas, those that have all that was acknowledged */
  inSync: number[]
}

export interface PartitionOffsets {
  /** first offset kept */
  start: number
  /** next offset to be written */
  end: number
}

/** Messages to append to one partition: message i is bytes[end[i - 1], end[i]) (from 0 for the first). */
export interface OutgoingBatch {
  partition: number
  count: number
  bytes: Uint8Array
  end: Uint32Array
  kind: Uint8Array
  /** the message's key, where a log has keys, is bytes[start, end), a part of its value; none where that is empty */
  keys?: { start: Uint32Array; end: Uint32Array }
  /** the marks of a producer that puts all rows of an orbit into one partition */
  keyedByOrbit: boolean
}

export interface Progress {
  key: string
  /** JSON; undefined forgets the key */
  value: unknown
}

export interface PartitionReader {
  /**
   * The next batch, or undefined when nothing came within `waitMs`. Waiting costs no CPU to speak of.
   * @throws MessagesGoneError where the offset is no longer kept: it names the partition and the range that is gone
   */
  next(waitMs: number): Promise<MessageBatch | undefined>
  close(): Promise<void>
}

export interface GroupOptions {
  group: string
  topic: string
  /** shown to others who want the same lanes: host, pid */
  member: string
  /** all partitions of the topic are one lane; else each of them is a lane of its own */
  whole: boolean
  /** called when a lane is ours from now on; the lane's `lost` says when it no longer is */
  onLane(lane: HeldLane): void
  /** called, in words for the user, when lanes are held by somebody else; again when that changes */
  onWaiting(message: string): void
}

export interface GroupMember {
  /** rejects when the group can't be worked in any more; never resolves */
  readonly failed: Promise<never>
  /**
   * Whoever has the lane open could not commit: it is lost, and comes again, as a new one, if the group confirms that it
   * is still ours.
   * @param why the reason of its being lost
   */
  giveBack(lane: HeldLane, why: string): void
  /** Releases all lanes. */
  leave(): Promise<void>
}

/** One partition or all of them, which this member alone works on; `openLane` opens it. */
export interface HeldLane {
  readonly topic: string
  /** the lane's number: its first partition */
  readonly partition: number
  /** ascending */
  readonly partitions: readonly number[]
  readonly lease: LaneLease
  /** aborts when the lane belongs to somebody else or the group was left */
  readonly lost: AbortSignal
}

/** What a held lane is known by in another thread. Plain JSON. */
export interface LaneLease {
  group: string
  topic: string
  /** the lane's number: its first partition */
  partition: number
  /** ascending */
  partitions: readonly number[]
  /** grows with every change of hands; who has an old one is shut out */
  epoch: number
}

/** A lane that is open: what was committed is known, and it can be committed to. */
export interface Lane extends HeldLane {
  /** what was last committed, read after everybody else was shut out */
  readonly state: LaneState | undefined
  /** of each partition, in the order of `partitions` */
  readonly extents: readonly LaneExtent[]
  /** Reads one of the lane's partitions from an offset on. */
  reader(partition: number, from: number): Promise<PartitionReader>
  /**
   * State and results in one transaction. `results` are values appended to partition 0 of `topic`.
   * @throws LaneLostError when somebody else has the lane by now, and nothing is written; or when nobody can tell whether
   * it was written: who opens the lane again will see
   */
  commit(state: LaneState, results?: { topic: string; values: readonly Uint8Array[] }): Promise<void>
  /** Nothing more will be committed; the lease stays the group member's. */
  close(): Promise<void>
}

/** First offset kept and next offset to be written, when the lane was opened. */
export interface LaneExtent {
  partition: number
  startOffset: number
  endOffset: number
}

export interface GroupInfo {
  group: string
  /** one entry a partition; `nextMessage`: how many results its lane has sent */
  lanes: { partition: number; nextOffset: number; nextMessage: number; holder: string | undefined }[]
}

/** Retention has deleted what was to be read next. */
export class MessagesGoneError extends ExpectedError {
  constructor(
    message: string,
    suggestions: string[],
    readonly partition: number,
    /** the first offset that is still there */
    readonly firstKept: number,
  ) {
    super(message, suggestions)
  }
}

export class LaneLostError extends Error {
  constructor(topic: string, partition: number, message?: string) {
    super(message ?? `the lane ${topic}/${partition} was taken over by another process`)
    this.name = 'LaneLostError'
  }
}
