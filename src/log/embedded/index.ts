import { resolve } from 'node:path'
import type { Log } from '../log.js'
import { EmbeddedLog } from './embedded-log.js'
import { SILENCE_MS } from './group-member.js'
import { Store } from './store.js'

export { defaultLogFolder } from './default-folder.js'
export { DEFAULT_RETENTION_BYTES, DEFAULT_RETENTION_MS } from './topics.js'

export interface EmbeddedLogOptions {
  /** the clock for the time and age of messages, ms since 1970 */
  now?: () => number
  /** how long a group's member may give no sign of life before others take its lanes */
  silenceMs?: number
}

/**
 * Opens the log in a folder, which is made where it is missing. Any number of processes, and of threads of a process, may
 * have it open at once. It must not lie on a network file system.
 * @throws ExpectedError where the folder can't be used, is full, or holds a store of another version
 */
export async function openEmbeddedLog(folder: string, options: EmbeddedLogOptions = {}): Promise<Log> {
  const { now = Date.now, silenceMs = SILENCE_MS } = options
  const store = await Store.open(resolve(folder))
  try {
    const log = new EmbeddedLog(store, now, silenceMs)
    await log.sweep()
    return log
  } catch (error) {
    await store.close()
    throw error
  }
}
