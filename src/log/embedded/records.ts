import { partitionKey } from './keys.js'
import type { Tree } from './store.js'

/** The JSON value under a key. The caller says what it wrote there. */
export function readJson<T>(tree: Tree, key: Uint8Array): T | undefined {
  const found = tree.get(key)
  if (!found) return undefined
  return JSON.parse(Buffer.from(found.buffer, found.byteOffset, found.byteLength).toString()) as T
}

export function putJson(tree: Tree, key: Uint8Array, value: unknown): void {
  tree.put(key, Buffer.from(JSON.stringify(value)))
}

/** The next number of a counter, from 1. */
export function nextNumber(tree: Tree, key: Uint8Array): number {
  const number = (readJson<number>(tree, key) ?? 0) + 1
  putJson(tree, key, number)
  return number
}

/** The offsets of a partition's first kept and next message; bytes its chunks take, their headers included. */
export interface Partition {
  start: number
  end: number
  bytes: number
}

/** undefined where there is no such topic, or no such partition of it. */
export function readPartition(tree: Tree, topicId: number, partition: number): Partition | undefined {
  const found = tree.get(partitionKey(topicId, partition))
  if (!found) return undefined
  const view = new DataView(found.buffer, found.byteOffset, found.byteLength)
  return { start: view.getFloat64(0), end: view.getFloat64(8), bytes: view.getFloat64(16) }
}

export function putPartition(tree: Tree, topicId: number, partition: number, { start, end, bytes }: Partition): void {
  const value = new Uint8Array(24)
  const view = new DataView(value.buffer)
  view.setFloat64(0, start)
  view.setFloat64(8, end)
  view.setFloat64(16, bytes)
  tree.put(partitionKey(topicId, partition), value)
}
