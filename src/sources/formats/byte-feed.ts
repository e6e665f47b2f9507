import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { endsBefore } from '../ends-before.js'

/** Bytes in order. */
export interface ByteFeed {
  /** Puts the next bytes at target[offset...], where there is room; gives their number, 0 at the end. */
  fill(target: Uint8Array, offset: number): Promise<number>
  close(): Promise<void>
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

/**
 * Pieces as they come, of any size.
 * @param next gives the next one; undefined at the end
 */
export function piecesFeed(next: () => Promise<Uint8Array | undefined>, close: () => Promise<void>): ByteFeed {
  let rest: Uint8Array = new Uint8Array(0)
  return {
    async fill(target, offset) {
      while (rest.length === 0) {
        const piece = await next()
        if (!piece) return 0
        rest = piece
      }
      const take = Math.min(rest.length, target.length - offset)
      target.set(rest.subarray(0, take), offset)
      rest = rest.subarray(take)
      return take
    },
    close,
  }
}

/** A stream's bytes. @param close lets go of the stream, and of what feeds it */
export function streamFeed(stream: Readable, close: () => Promise<void>): ByteFeed {
  const pieces = stream.iterator() as AsyncIterator<Buffer>
  return piecesFeed(async () => {
    const { value, done } = await pieces.next()
    return done ? undefined : value
  }, close)
}

/**
 * What comes behind the first `count` bytes, which are read and passed over.
 * @throws ExpectedError from `fill` where there are fewer
 */
export function behind(feed: ByteFeed, count: number, name: string): ByteFeed {
  const passed = new Uint8Array(Math.min(count, 1 << 18))
  let left = count
  return {
    async fill(target, offset) {
      while (left > 0) {
        const taken = await feed.fill(passed.subarray(0, Math.min(left, passed.length)), 0)
        if (taken === 0) throw endsBefore(name, count - left, 'byte', count)
        left -= taken
      }
      return feed.fill(target, offset)
    },
    close: () => feed.close(),
  }
}

/** Everything that a feed still has, in pieces of their own. */
export async function* piecesOf(feed: ByteFeed, pieceBytes: number): AsyncGenerator<Buffer, void, void> {
  for (;;) {
    const piece = Buffer.allocUnsafeSlow(pieceBytes)
    const count = await feed.fill(piece, 0)
    if (count === 0) return
    yield piece.subarray(0, count)
  }
}
