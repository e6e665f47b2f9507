import type { LaneState } from '../../src/core/orbits/lane-state.js'
import {
  MESSAGE_KIND,
  type MessageBatch,
  type OutgoingBatch,
  offsetOf,
  type PartitionReader,
} from '../../src/log/log.js'

export interface Message {
  offset: number
  value: string
  kind: number
}

/** Text messages of one partition, keyed by orbit. */
export function outgoing(
  partition: number,
  values: readonly string[],
  changes: Partial<OutgoingBatch> = {},
): OutgoingBatch {
  const encoded = values.map((value) => Buffer.from(value))
  const end = new Uint32Array(values.length)
  let bytes = 0
  for (const [i, value] of encoded.entries()) {
    bytes += value.length
    end[i] = bytes
  }
  const kind = new Uint8Array(values.length).fill(MESSAGE_KIND.text)
  const batch = { partition, count: values.length, bytes: Buffer.concat(encoded), end, kind, keyedByOrbit: true }
  return { ...batch, ...changes }
}

export function messagesOf(batch: MessageBatch): Message[] {
  return Array.from({ length: batch.count }, (_, i) => ({
    offset: offsetOf(batch, i),
    value: Buffer.from(batch.bytes.subarray(batch.start[i], batch.end[i])).toString(),
    kind: batch.kind[i],
  }))
}

/** All that is there now. */
export async function readAll(reader: PartitionReader): Promise<Message[]> {
  const messages: Message[] = []
  for (let batch = await reader.next(0); batch; batch = await reader.next(0)) messages.push(...messagesOf(batch))
  return messages
}

export async function valuesOf(reader: PartitionReader): Promise<string[]> {
  return (await readAll(reader)).map(({ value }) => value)
}

/** A state whose clock is of no meaning here: the log keeps what it is given. */
export function laneState(nextOffset: number, nextMessage = 0, partition = 0): LaneState {
  return wholeState([partition], nextOffset, nextMessage)
}

/** The same of a lane of several partitions. */
export function wholeState(partitions: readonly number[], nextOffset: number, nextMessage = 0): LaneState {
  const positions = partitions.map((partition) => ({ partition, resumeOffset: nextOffset, nextOffset }))
  return JSON.parse(JSON.stringify({ positions, nextMessage, clock: { some: [1, 2] } }))
}
