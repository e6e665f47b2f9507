import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { LaneState } from '../../../core/orbits/lane-state.js'
import { ExpectedError } from '../../../errors.js'

/** Brokers keep so many bytes with an offset, unless told otherwise. */
const MOST_BYTES = 4096
const VERSION = 1

/** An offset that is committed, with what is kept beside it. */
export interface CommittedPosition {
  partition: number
  offset: number
  metadata: string
}

interface Metadata {
  v: number
  /** N: rows before it are counted */
  n: number
  /** number of the lane's next result */
  m: number
  /** with the lane's first partition: the state as JSON, deflated, in base64 */
  s?: string
}

/** The lane's partitions with their offsets P; the state lies with the first. */
export function toPositions(state: LaneState): CommittedPosition[] {
  const packed = deflateRawSync(JSON.stringify(state)).toString('base64')
  return state.positions.map(({ partition, resumeOffset, nextOffset }, i) => {
    const content: Metadata = { v: VERSION, n: nextOffset, m: state.nextMessage, ...(i === 0 ? { s: packed } : {}) }
    const metadata = JSON.stringify(content)
    if (metadata.length > MOST_BYTES) throw new RangeError(`the state of a lane takes ${metadata.length} bytes`)
    return { partition, offset: resumeOffset, metadata }
  })
}

/**
 * The state that lies with a partition; undefined where nothing was committed, or the state lies with another partition.
 * @param where for messages: group and partition
 * @throws ExpectedError where the offset was committed by somebody else
 */
export function stateIn({ offset, metadata }: { offset: number; metadata: string | null }, where: string) {
  if (offset < 0) return undefined
  const content = parse(metadata)
  if (!content)
    throw new ExpectedError(`${where} has an offset that was not committed by dtstream process`, [
      'begin anew with a group of another name: --group',
    ])
  if (content.s === undefined) return undefined
  return JSON.parse(inflateRawSync(Buffer.from(content.s, 'base64')).toString()) as LaneState
}

/** How far a lane has come; undefined where the offset was committed by somebody else. */
export function progressIn(metadata: string | null): { nextOffset: number; nextMessage: number } | undefined {
  const content = parse(metadata)
  return content && { nextOffset: content.n, nextMessage: content.m }
}

function parse(metadata: string | null): Metadata | undefined {
  try {
    const content = JSON.parse(metadata ?? '') as Metadata
    // a replay's progress has no number of a next result
    return content.v === VERSION && Number.isInteger(content.m) ? content : undefined
  } catch {
    return undefined
  }
}
