import { Worker } from 'node:worker_threads'

const TSX = import.meta.resolve('tsx/esm/api')
const THREAD = new URL('./thread.ts', import.meta.url).href

/** Starts `thread.ts`: a worker thread of Node 20 does not inherit the loader for TypeScript. */
export function startThread(workerData: unknown): Worker {
  const script = `import(${JSON.stringify(TSX)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(THREAD)}) })`
  return new Worker(script, { eval: true, workerData })
}
