import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Bytes of a file in order. */
export interface ByteFeed {
  /** Puts the next bytes at target[offset...]; gives their number, 0 at the end. */
  fill(target: Uint8Array, offset: number): Promise<number>
  close(): Promise<void>
}

/** A plain file from a byte position on. */
export async function fileFeed(path: string, position: number): Promise<ByteFeed> {
  const handle: FileHandle = await open(path)
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

/** A gzip file from a position in its decompressed bytes on: what is before is decompressed and passed over. */
export async function gzipFeed(path: string, position: number): Promise<ByteFeed> {
  const file = createReadStream(path)
  const stream = createGunzip()
  file.on('error', (error) => stream.destroy(error))
  const chunks = (file.pipe(stream) as Readable).iterator() as AsyncIterator<Buffer>
  let skip = position
  let rest: Uint8Array = new Uint8Array(0)
  return {
    async fill(target, offset) {
      while (rest.length === 0) {
        const { value, done } = await chunks.next()
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
