#!/usr/bin/env node
import { execute } from '@oclif/core/execute'

// Whoever read our output has gone (as `head` does): oclif passes over that, and an endless command would run on.
// Anything else, a full disk most likely, would end in a stack trace.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit(0)
    if (stream === process.stdout) console.error(`cannot write to standard output: ${error.message}`)
    process.exit(1)
  })
}
await execute({ dir: import.meta.url })
