// `manifest` makes oclif.manifest.json from the commands; `readme` that and README.md's section of commands.
import { dirname } from 'node:path'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { GENERATED, generate } from './lib/generate.js'

if (!(argv[2] in GENERATED)) {
  console.error(`usage: node scripts/generate.js ${Object.keys(GENERATED).join('|')}`)
  exit(2)
}
generate(dirname(dirname(fileURLToPath(import.meta.url))), argv[2])
