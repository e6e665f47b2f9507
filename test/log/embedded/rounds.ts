import type { OutgoingBatch } from '../../../src/log/log.js'
import { outgoing } from '../messages.js'

export const PARTITIONS = 3

/** What the writers that are killed append in a round: the same, whoever does it; sometimes several chunks. */
export function roundBatches(round: number): OutgoingBatch[] {
  return Array.from({ length: PARTITIONS }, (_, partition) => outgoing(partition, roundValues(round, partition)))
}

export function roundValues(round: number, partition: number): string[] {
  const length = (round + partition) % 10 === 0 ? 12_000 : 1 + ((round * 7) % 40)
  return Array.from({ length }, (_, i) => `${round} of ${partition}: ${i}`)
}

export const roundResult = (message: number): Buffer => Buffer.from(`result ${message}`)
