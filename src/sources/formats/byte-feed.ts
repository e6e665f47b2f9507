import { createReadStream } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { endsBefore } from '../ends-before.js'

/** Bytes of a file in order. */
export interface ByteFeed {
  /** Puts the next bytes at target[offset...], where there is room; gives their number, 0 at the end. */
  fill(target: Uint8Array, offset: number): Promise<number>
  close(): Promise<void>
}

/** Decompressed bytes handed on at once. */
const GUNZIP_BYTES = 1 << 18

/**
 * The bytes of a file, or what they are when decompressed, from a position on.
 * @throws ExpectedError where there are fewer; at once, or for what can only be read through, from `fill`
 */
export async function openFeed(path: string, position: number, isCompressed: boolean): Promise<ByteFeed> {
  const isSeekable = !isCompressed && (await stat(path)).isFile()
  return isSeekable ? fileFeed(path, position) : streamFeed(path, position, isCompressed)
}

/** A plain file from a byte position on. */
export async function fileFeed(path: string, position: number): Promise<ByteFeed> {
  const handle: FileHandle = await open(path)
  const { size } = await handle.stat()
  if (size < position) {
    await handle.close()
    throw endsBefore(path, size, 'byte', position)
  }
  let at = position
  return {
    async fill(target, offset) {
      const { bytesRead } = await handle.read(target, offset, target.length - offset, at)
      at += bytesRead
      return bytesRead
    },
    close: () => handle.close(),
  }
}

/** A pipe or a gzip file: what is before the position is read, and passed over. */
function streamFeed(path: string, position: number, isCompressed: boolean): ByteFeed {
  const file = createReadStream(path)
  const stream = isCompressed ? file.pipe(createGunzip({ chunkSize: GUNZIP_BYTES })) : file
  file.on('error', (error) => stream.destroy(error))
  const chunks = (stream as Readable).iterator() as AsyncIterator<Buffer>
  let skip = position
  let rest: Uint8Array = new Uint8Array(0)
  return {
    async fill(target, offset) {
      while (rest.length === 0) {
        const { value, done } = await chunks.next()
        if (done && skip > 0) throw endsBefore(path, position - skip, 'byte', position)
        if (done) return 0
        rest = value.subarray(Math.min(skip, value.length))
        skip -= value.length - rest.length
      }
      const take = Math.min(rest.length, target.length - offset)
      target.set(rest.subarray(0, take), offset)
      rest = rest.subarray(take)
      return take
    },
    async close() {
      file.destroy()
      stream.destroy()
    },
  }
}
