import { Worker } from 'node:worker_threads'
import type { WorkerStart } from './thread-messages.js'

/** The thread's module: the built one, or the source's where this file is source too (bin/dev.js, tests). */
const MODULE = new URL(import.meta.url.endsWith('.ts') ? '../../bin/dev-thread.js' : './worker.js', import.meta.url)

export function startThread(start: WorkerStart): Worker {
  return new Worker(MODULE, { workerData: start })
}
