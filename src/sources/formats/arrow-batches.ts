import type { FileHandle } from 'node:fs/promises'
import type { RecordBatch, Schema } from 'apache-arrow'
import { arrow } from '../../core/rows/arrow.js'
import type { Stored } from '../stored.js'
import { ArrowHandle } from './arrow-handle.js'

const FILE_MARK = 'ARROW1'
/** What a stream begins with: there is more to come. */
const STREAM_MARK = 0xffffffff

/** The record batches of an Arrow IPC file or stream, in order and one at a time. */
export interface ArrowBatches {
  schema: Schema
  batches: AsyncGenerator<RecordBatch, void, void>
}

/**
 * Opens an Arrow IPC file or stream, and closes it when `use` has ended.
 * @throws what Arrow's reader throws where it is none, or not a whole one; `BrokenArrow` where that shows at its ends
 */
export async function* withBatches<T>(
  stored: Stored,
  use: (arrow: ArrowBatches) => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  if (stored.size === undefined) throw new BrokenArrow('it is a pipe')
  const handle = await ArrowHandle.open(stored, stored.size)
  try {
    await refuseBroken(handle)
    const reader = await arrow().RecordBatchReader.from(handle as unknown as FileHandle)
    await reader.open({ autoDestroy: false })
    handle.goOnFromHere()
    yield* use({ schema: reader.schema, batches: allOf(reader, handle) })
  } finally {
    await handle.close()
  }
}

async function* allOf(
  reader: AsyncIterable<RecordBatch>,
  handle: ArrowHandle,
): AsyncGenerator<RecordBatch, void, void> {
  yield* reader
  await handle.drain()
}

/** It shows at the ends that something is no Arrow IPC file or stream, or not a whole one: the message says how. */
export class BrokenArrow extends Error {}

async function refuseBroken(handle: ArrowHandle): Promise<void> {
  if (handle.size < FILE_MARK.length) throw new BrokenArrow('it does not begin as Arrow IPC does')
  const first = await bytesAt(handle, 0)
  if (first.readUInt32LE(0) === STREAM_MARK) return
  if (first.toString('latin1') !== FILE_MARK) throw new BrokenArrow('it does not begin as Arrow IPC does')
  const last = await bytesAt(handle, handle.size - FILE_MARK.length)
  if (last.toString('latin1') !== FILE_MARK || handle.size <= 2 * FILE_MARK.length)
    throw new BrokenArrow('it is an Arrow IPC file cut short')
}

async function bytesAt(handle: ArrowHandle, position: number): Promise<Buffer> {
  const bytes = Buffer.alloc(FILE_MARK.length)
  await handle.read(bytes, 0, bytes.length, position)
  return bytes
}
