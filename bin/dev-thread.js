// src/process/worker.ts from source: a thread does not inherit the loader that reads TypeScript
import { register } from 'tsx/esm/api'

register()
await import('../src/process/worker.ts')
