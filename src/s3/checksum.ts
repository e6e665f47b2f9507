import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import { crc32c } from '@node-rs/crc32'

/** A checksum in the making, in base64 as S3 writes it. */
interface Digest {
  add(bytes: Uint8Array): void
  value(): string
}

/** The bytes of an object, in order and from the first one, are told to it. */
export interface Check extends Digest {
  /** what the store says it is */
  wanted: string
}

/** The check that the store has a value for, of the object as a whole; undefined where it has none. */
export function checkOf(head: HeadObjectCommandOutput): Check | undefined {
  // one over the checksums of parts says nothing without their sizes
  if (head.ChecksumType === 'COMPOSITE') return undefined
  const { ChecksumCRC32, ChecksumCRC32C, ChecksumSHA256, ChecksumSHA1 } = head
  const known: [string | undefined, () => Digest][] = [
    [ChecksumCRC32, () => ofCrc(crc32)],
    [ChecksumCRC32C, () => ofCrc((bytes, before) => crc32c(bytes as Buffer, before))],
    [ChecksumSHA256, () => ofHash('sha256')],
    [ChecksumSHA1, () => ofHash('sha1')],
  ]
  for (const [wanted, digest] of known) {
    if (wanted !== undefined && !wanted.includes('-')) return { wanted, ...digest() }
  }
  return undefined
}

function ofCrc(next: (bytes: Uint8Array, before: number) => number): Digest {
  let sum = 0
  return {
    add(bytes) {
      sum = next(bytes, sum)
    },
    value() {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(sum >>> 0)
      return bytes.toString('base64')
    },
  }
}

function ofHash(name: string): Digest {
  const hash = createHash(name)
  return {
    add(bytes) {
      hash.update(bytes)
    },
    value: () => hash.digest('base64'),
  }
}
