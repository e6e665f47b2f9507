#!/usr/bin/env node
import { execute } from '@oclif/core/execute'

// whoever read our output has gone (as `head` does): oclif passes over that, and an endless command would run on
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}
await execute({ dir: import.meta.url })
