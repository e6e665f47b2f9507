import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { LaneState } from '../../../core/orbits/lane-state.js'
import { ExpectedError } from '../../../errors.js'

/** Brokers keep so many bytes with an offset, unless told otherwise. */
const MOST_BYTES = 4096
const VERSION = 1

/** What is kept with the offset P of a lane: `{"v":1,"n":N,"m":next message,"c":clock, deflated}`. */
export function toMetadata({ nextOffset, nextMessage, clock }: LaneState): string {
  const packed = deflateRawSync(JSON.stringify(clock)).toString('base64')
  const metadata = JSON.stringify({ v: VERSION, n: nextOffset, m: nextMessage, c: packed })
  if (metadata.length > MOST_BYTES) throw new RangeError(`a lane's state takes ${metadata.length} bytes`)
  return metadata
}

/** @throws ExpectedError where the offset was committed by somebody else */
export function fromMetadata(offset: number, metadata: string | null, where: string): LaneState {
  const parsed = parse(metadata)
  if (parsed?.v !== VERSION)
    throw new ExpectedError(`${where} has an offset that was not committed by dtstream process`, [
      '--group with another name begins anew',
    ])
  const clock = JSON.parse(inflateRawSync(Buffer.from(parsed.c, 'base64')).toString())
  return { resumeOffset: offset, nextOffset: parsed.n, nextMessage: parsed.m, clock }
}

/** Next offset and next message alone; undefined where the offset was committed by somebody else. */
export function progressIn(metadata: string | null): { nextOffset: number; nextMessage: number } | undefined {
  const parsed = parse(metadata)
  return parsed?.v === VERSION ? { nextOffset: parsed.n, nextMessage: parsed.m } : undefined
}

function parse(metadata: string | null): { v: number; n: number; m: number; c: string } | undefined {
  try {
    return JSON.parse(metadata ?? '')
  } catch {
    return undefined
  }
}
