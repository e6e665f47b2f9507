import { Worker } from 'node:worker_threads'
import type { WorkerStart } from './thread-messages.js'

/** Starts the thread of `worker.ts`: the built module, or the source where this file is source too (bin/dev.js, tests). */
export function startThread(start: WorkerStart): Worker {
  const isSource = import.meta.url.endsWith('.ts')
  const module = new URL(isSource ? './worker.ts' : './worker.js', import.meta.url)
  if (!isSource) return new Worker(module, { workerData: start })
  // a thread does not inherit the loader that reads TypeScript
  const load = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(module.href)}) })`
  return new Worker(load, { eval: true, workerData: start })
}
