import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** How far a source was read, by the transaction that said so. */
export interface SavedProgress {
  /** of the transaction, from 1 on */
  number: number
  /** who said so */
  by: string
  /** undefined where it was forgotten */
  value: unknown
}

const VERSION = 1
/** Brokers keep so many bytes with an offset, unless told otherwise. */
const MOST_BYTES = 4096

/** What is kept with an offset: `{"v":1,"n":number,"by":who,"p":value as JSON, deflated}`. */
export function toProgressMetadata({ number, by, value }: SavedProgress): string {
  const packed = value === undefined ? {} : { p: deflateRawSync(JSON.stringify(value)).toString('base64') }
  const metadata = JSON.stringify({ v: VERSION, n: number, by, ...packed })
  if (metadata.length > MOST_BYTES) throw new RangeError(`the progress of a replay takes ${metadata.length} bytes`)
  return metadata
}

export function fromProgressMetadata(metadata: string | null): SavedProgress | undefined {
  try {
    const { v, n, by, p } = JSON.parse(metadata ?? '') as { v: number; n: number; by: string; p?: string }
    if (v !== VERSION || !Number.isInteger(n)) return undefined
    const value = p === undefined ? undefined : JSON.parse(inflateRawSync(Buffer.from(p, 'base64')).toString())
    return { number: n, by, value }
  } catch {
    return undefined
  }
}
