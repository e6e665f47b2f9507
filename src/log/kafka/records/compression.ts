import { createRequire } from 'node:module'
import { type BatchPlace, damagedBatch, missingCodec, tooLarge, unknownCodec } from './failures.js'
import { gunzip } from './gzip.js'
import { LimitError } from './limit.js'
import { lz4FrameBound } from './lz4-frame.js'
import { uncompressSnappy } from './snappy.js'
import { uncompressZstd } from './zstd.js'

/** What a record batch may decompress to at most, bytes. */
export const MAX_DECOMPRESSED = 1024 ** 3

/** Decompresses all of `stored`; throws LimitError where that makes more than `limit` bytes. */
type Decompress = (stored: Buffer, limit: number) => Uint8Array

interface Codec {
  readonly name: string
  /** loads the library, and says how it is used */
  load(): Decompress
}

const require = createRequire(import.meta.url)

/** By the number that record batches have for them. */
const CODECS: Readonly<Record<number, Codec>> = {
  1: { name: 'gzip', load: () => gunzip },
  2: {
    name: 'snappy',
    load() {
      const { uncompressSync } = require('snappy') as typeof import('snappy')
      return (stored, limit) => uncompressSnappy(stored, limit, (block) => uncompressSync(block) as Buffer)
    },
  },
  3: {
    name: 'lz4',
    load() {
      const { decompressFrameSync } = require('lz4-napi') as typeof import('lz4-napi')
      return (stored, limit) => {
        if (lz4FrameBound(stored) > limit) throw new LimitError()
        return decompressFrameSync(stored)
      }
    },
  },
  4: {
    name: 'zstd',
    load() {
      const { Decompress } = require('fzstd') as typeof import('fzstd')
      return (stored, limit) => uncompressZstd(stored, limit, Decompress)
    },
  },
}

const loaded = new Map<Codec, Decompress>()

/**
 * The records of a batch as they were before a producer or broker compressed them; `stored` itself for codec 0. A
 * codec's library is loaded when it is first needed.
 * @throws ExpectedError where they can't be had, or would take more than `limit` bytes
 */
export function decompressed(stored: Buffer, codec: number, place: BatchPlace, limit = MAX_DECOMPRESSED): Uint8Array {
  if (codec === 0) return stored
  const known = CODECS[codec]
  if (!known) throw unknownCodec(place, codec)
  const decompress = loaded.get(known) ?? load(known, place)
  try {
    return decompress(stored, limit)
  } catch (error) {
    if (error instanceof LimitError) throw tooLarge(place, limit)
    throw damagedBatch(place, `it can't be decompressed by ${known.name} (${(error as Error).message})`)
  }
}

function load(codec: Codec, place: BatchPlace): Decompress {
  let decompress: Decompress
  try {
    decompress = codec.load()
  } catch {
    throw missingCodec(place, codec.name)
  }
  loaded.set(codec, decompress)
  return decompress
}
