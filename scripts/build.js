// Compiles src/ to dist/, whether it has changed or not.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './lib/build.js'

if (!build(dirname(dirname(fileURLToPath(import.meta.url))))) process.exit(1)
