import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { LaneState } from '../../../core/orbits/lane-state.js'
import { ExpectedError } from '../../../errors.js'

/** Brokers keep so many bytes with an offset, unless told otherwise. */
const MOST_BYTES = 4096
/** Of these, for a piece of the state. */
const PIECE_BYTES = 3900
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
  /** a piece of the state: JSON, deflated, in base64; the first lies with the lane's first partition */
  s?: string
  /** how many pieces there are, where this is the first */
  c?: number
}

/**
 * The lane's partitions with their offsets P. The state lies with the first of them; that of a lane of several, where it is
 * long, goes on with the others.
 * @throws RangeError where there is no room for it
 */
export function toPositions(state: LaneState): CommittedPosition[] {
  const packed = deflateRawSync(JSON.stringify(state)).toString('base64')
  const pieces = packed.match(new RegExp(`.{1,${PIECE_BYTES}}`, 'g')) ?? []
  if (pieces.length > state.positions.length) throw new RangeError(`the state of a lane takes ${packed.length} bytes`)
  return state.positions.map(({ partition, resumeOffset, nextOffset }, i) => {
    const piece = i < pieces.length ? { s: pieces[i], ...(i === 0 ? { c: pieces.length } : {}) } : {}
    const metadata = JSON.stringify({ v: VERSION, n: nextOffset, m: state.nextMessage, ...piece } satisfies Metadata)
    if (metadata.length > MOST_BYTES) throw new RangeError(`the state of a lane takes ${metadata.length} bytes`)
    return { partition, offset: resumeOffset, metadata }
  })
}

/**
 * The states that lie with partitions: of a lane that begins with each of them, or of one whose first they are not, which
 * gives nothing.
 * @param committed by partition, ascending
 * @param group for messages
 * @throws ExpectedError where an offset was committed by somebody else
 */
export function statesIn(
  committed: readonly { topic: string; partition: number; offset: number; metadata: string | null }[],
  group: string,
): LaneState[] {
  const contents = committed.map(({ topic, partition, offset, metadata }) => {
    const content = offset < 0 ? undefined : parse(metadata)
    if (offset >= 0 && !content) throw notOurs(`group ${group} on ${topic}/${partition}`)
    return content
  })
  return contents.flatMap((content, i) => {
    if (!content?.c) return []
    const packed = contents.slice(i, i + content.c).map((piece) => piece?.s ?? '')
    return [JSON.parse(inflateRawSync(Buffer.from(packed.join(''), 'base64')).toString()) as LaneState]
  })
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

function notOurs(where: string): ExpectedError {
  return new ExpectedError(`${where} has an offset that was not committed by dtstream process`, [
    'begin anew with a group of another name: --group',
  ])
}
