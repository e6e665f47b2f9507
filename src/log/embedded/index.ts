import { resolve } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import type { Log } from '../log.js'
import { Appender } from './appender.js'
import { EmbeddedLog } from './embedded-log.js'
import { SILENCE_MS } from './group-member.js'
import type { LogParts } from './lane.js'
import { LocalWriter } from './local-writer.js'
import type { Writer } from './operations.js'
import { RemoteWriter } from './remote-writer.js'
import { Store } from './store.js'
import { serveWrites } from './write-service.js'

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
 * have it open at once. Worker threads leave the writing to the main thread where that has the log open, and may then be
 * ended at any moment. It must not lie on a network file system.
 * @throws ExpectedError where the folder can't be used, is full, or holds a store of another version
 */
export async function openEmbeddedLog(folder: string, options: EmbeddedLogOptions = {}): Promise<Log> {
  const { now = Date.now, silenceMs = SILENCE_MS } = options
  const parts = await openParts(resolve(folder), now)
  const log = new EmbeddedLog(parts, silenceMs)
  try {
    await log.sweep()
    return log
  } catch (error) {
    await log.close()
    throw error
  }
}

async function openParts(folder: string, now: () => number): Promise<LogParts> {
  const remote = await RemoteWriter.connect(folder)
  if (remote) return { store: await Store.openBeside(folder), writer: remote }
  const store = await Store.open(folder)
  const writer = new LocalWriter(store, new Appender(store, now))
  return { store, writer: isMainThread ? served(folder, writer) : writer }
}

/** The writer, writing for the worker threads too until it is closed. */
function served(folder: string, writer: Writer): Writer {
  const stop = serveWrites(folder, writer)
  return {
    run: (name, input) => writer.run(name, input),
    close() {
      stop()
      return writer.close()
    },
  }
}
