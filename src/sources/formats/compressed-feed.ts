import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type ByteFeed, piecesFeed, piecesOf, streamFeed } from './byte-feed.js'

/** Decompressed bytes handed on at once. */
const GUNZIP_BYTES = 1 << 18
const GZIP_PIECE_BYTES = 1 << 16
/** Little, because of what may come of it. */
const ZSTD_PIECE_BYTES = 1 << 14

/** What the bytes of a gzip file are when decompressed. */
export function gunzipFeed(feed: ByteFeed): ByteFeed {
  const stored = Readable.from(piecesOf(feed, GZIP_PIECE_BYTES), { objectMode: false })
  const stream = stored.pipe(createGunzip({ chunkSize: GUNZIP_BYTES }))
  stored.on('error', (error) => stream.destroy(error))
  return streamFeed(stream, async () => {
    stream.destroy()
    stored.destroy()
    await feed.close()
  })
}

/** What the bytes of a zstd file are when decompressed. */
export async function unzstdFeed(feed: ByteFeed): Promise<ByteFeed> {
  const { Decompress, ZstdErrorCode } = await import('fzstd')
  const ready: Uint8Array[] = []
  const decompress = new Decompress((bytes) => {
    if (bytes.length > 0) ready.push(bytes)
  })
  const stored = new Uint8Array(ZSTD_PIECE_BYTES)
  let isEnded = false
  return piecesFeed(
    async () => {
      while (ready.length === 0 && !isEnded) {
        const count = await feed.fill(stored, 0)
        isEnded = count === 0
        try {
          // kept by the decompressor where it is no whole block yet
          decompress.push(stored.slice(0, count), isEnded)
        } catch (error) {
          const code = (error as { code: number }).code === ZstdErrorCode.UnexpectedEOF ? 'Z_BUF_ERROR' : 'Z_DATA_ERROR'
          throw Object.assign(error as Error, { code })
        }
      }
      return ready.shift()
    },
    () => feed.close(),
  )
}
