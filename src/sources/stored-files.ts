import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import path from 'node:path'
import { expandFiles } from './expand-files.js'
import { type ByteFeed, behind, fileFeed, streamFeed } from './formats/byte-feed.js'
import { readError } from './formats/read-error.js'
import type { Stored } from './stored.js'

/**
 * The files that a path means: itself, what a folder holds with one of these extensions, or what a glob matches.
 * @param below folders of the folder that are looked into too, as a glob that ends in /
 * @throws ExpectedError where there are none
 */
export async function storedFiles(target: string, extensions: readonly string[], below?: string): Promise<Stored[]> {
  const files = await expandFiles(target, extensions, below)
  return Promise.all(files.map(storedFile))
}

async function storedFile(file: string): Promise<Stored> {
  const info = await stat(file).catch((error: unknown) => {
    throw readError(file, undefined, error)
  })
  return {
    name: file,
    id: path.resolve(file),
    size: info.isFile() ? info.size : undefined,
    open: async (position) => (info.isFile() ? fileFeed(file, position) : behind(pipeFeed(file), position, file)),
    look: (position, length) => lookAt(file, position, length),
  }
}

function pipeFeed(file: string): ByteFeed {
  const stream = createReadStream(file)
  return streamFeed(stream, async () => {
    stream.destroy()
  })
}

async function lookAt(file: string, position: number, length: number): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
