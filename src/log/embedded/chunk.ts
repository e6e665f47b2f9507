import type { MessageBatch, OutgoingBatch } from '../log.js'

/**
 * A chunk is the consecutive messages of one partition that are stored, read and dropped as one:
 *
 *     0   uint8    flags: 1 every message has the same kind, 2 keyed by orbit
 *     1   uint8    that kind
 *     4   uint32   messages
 *     8   float64  when it was appended, ms since 1970
 *     16  uint32   bounds: where the messages' values begin and end, messages + 1 of them
 *     ..  uint8    kind of each message, unless all have the same
 *     ..           the values
 *
 * Numbers are little-endian, as typed arrays have them on every platform that Node runs on but one.
 */
export interface Chunk {
  readonly appendedAtMs: number
  readonly count: number
  readonly keyedByOrbit: boolean
  /** message i is bytes[bounds[i], bounds[i + 1]) */
  readonly bounds: Uint32Array
  readonly kind: Uint8Array
  readonly bytes: Uint8Array
}

const HEADER_BYTES = 16
const SAME_KIND = 1
const KEYED_BY_ORBIT = 2
const BOUND_BYTES = Uint32Array.BYTES_PER_ELEMENT

/** The stored form of messages [first, last) of a batch, written into `scratch` or, where that is too small, into new memory. */
export function encodeChunk(
  batch: OutgoingBatch,
  first: number,
  last: number,
  appendedAtMs: number,
  scratch: ArrayBuffer,
): Uint8Array {
  const count = last - first
  const base = first === 0 ? 0 : batch.end[first - 1]
  const values = batch.bytes.subarray(base, last === 0 ? 0 : batch.end[last - 1])
  const kinds = batch.kind.subarray(first, last)
  const same = allSame(kinds)
  const kindAt = HEADER_BYTES + (count + 1) * BOUND_BYTES
  const valuesAt = kindAt + (same ? 0 : count)
  const size = valuesAt + values.length
  const buffer = size <= scratch.byteLength ? scratch : new ArrayBuffer(size)
  const stored = new Uint8Array(buffer, 0, size)
  const header = new DataView(buffer, 0, HEADER_BYTES)
  header.setUint32(0, 0, true)
  stored[0] = (same ? SAME_KIND : 0) | (batch.keyedByOrbit ? KEYED_BY_ORBIT : 0)
  stored[1] = same ? kinds[0] : 0
  header.setUint32(4, count, true)
  header.setFloat64(8, appendedAtMs, true)
  writeBounds(new Uint32Array(buffer, HEADER_BYTES, count + 1), batch.end.subarray(first, last), base)
  if (!same) stored.set(kinds, kindAt)
  stored.set(values, valuesAt)
  return stored
}

function writeBounds(bounds: Uint32Array, ends: Uint32Array, base: number): void {
  bounds[0] = 0
  if (base === 0) bounds.set(ends, 1)
  else for (let i = 0; i < ends.length; i++) bounds[i + 1] = ends[i] - base
}

/** Whether all bytes are equal: compared with themselves shifted by one, at the speed of memcmp. */
function allSame(bytes: Uint8Array): boolean {
  return bytes.length < 2 || Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0
}

/** Takes over `stored`, which must be memory of its own that begins at a multiple of 4. */
export function decodeChunk(stored: Uint8Array): Chunk {
  const { buffer, byteOffset } = stored
  const header = chunkHeader(stored)
  const bounds = new Uint32Array(buffer, byteOffset + HEADER_BYTES, header.count + 1)
  const kindAt = HEADER_BYTES + bounds.byteLength
  const same = (stored[0] & SAME_KIND) !== 0
  return {
    ...header,
    keyedByOrbit: (stored[0] & KEYED_BY_ORBIT) !== 0,
    bounds,
    kind: same ? sameKinds(stored[1], header.count) : stored.subarray(kindAt, kindAt + header.count),
    bytes: stored.subarray(kindAt + (same ? 0 : header.count)),
  }
}

/** Messages and time of a chunk, of any alignment. */
export function chunkHeader(stored: Uint8Array): { count: number; appendedAtMs: number } {
  const view = new DataView(stored.buffer, stored.byteOffset, HEADER_BYTES)
  return { count: view.getUint32(4, true), appendedAtMs: view.getFloat64(8, true) }
}

const kindsSoFar: Uint8Array[] = []

/** `count` times the same kind: views of one array a kind, which nobody writes to. */
function sameKinds(kind: number, count: number): Uint8Array {
  let kinds = kindsSoFar[kind]
  if (kinds === undefined || kinds.length < count) {
    kinds = new Uint8Array(Math.max(count, 65_536)).fill(kind)
    kindsSoFar[kind] = kinds
  }
  return kinds.subarray(0, count)
}

/** The messages of a chunk from an offset on; nothing is copied. */
export function batchFrom(
  chunk: Chunk,
  place: { topic: string; partition: number; chunkOffset: number },
  offset: number,
): MessageBatch {
  const skipped = offset - place.chunkOffset
  return {
    topic: place.topic,
    partition: place.partition,
    firstOffset: offset,
    nextOffset: place.chunkOffset + chunk.count,
    count: chunk.count - skipped,
    bytes: chunk.bytes,
    start: chunk.bounds.subarray(skipped, chunk.count),
    end: chunk.bounds.subarray(skipped + 1),
    kind: chunk.kind.subarray(skipped),
    keyedByOrbit: chunk.keyedByOrbit,
    appendedAtMs: chunk.appendedAtMs,
  }
}

/**
 * Where the chunk that begins with message `first` ends: as many messages as fit into `maxBytes` of values and bounds,
 * but at least one.
 */
export function chunkEnd(batch: OutgoingBatch, first: number, maxBytes: number): number {
  const base = first === 0 ? 0 : batch.end[first - 1]
  const weight = (last: number) => batch.end[last - 1] - base + (last - first) * BOUND_BYTES
  let low = first + 1
  let high = batch.count
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (weight(middle) <= maxBytes) low = middle
    else high = middle - 1
  }
  return low
}
