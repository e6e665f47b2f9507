import { createRequire } from 'node:module'

let loaded: typeof import('@node-rs/crc32') | undefined

/** CRC-32C (Castagnoli) as an unsigned number; its library is loaded at the first call. */
export function crc32c(bytes: Uint8Array): number {
  loaded ??= createRequire(import.meta.url)('@node-rs/crc32') as typeof import('@node-rs/crc32')
  return loaded.crc32c(bytes)
}
