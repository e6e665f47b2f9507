// Fails where oclif.manifest.json or README.md's section of commands is not what the commands make it today.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from './lib/generate.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const FILES = { 'oclif.manifest.json': 'manifest', 'README.md': 'readme' }

const copy = mkdtempSync(join(tmpdir(), 'dtstream-generated-'))
try {
  for (const name of ['package.json', 'README.md', 'dist']) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  generate(copy, 'readme')
  for (const [name, script] of Object.entries(FILES)) {
    if (read(join(root, name)) === read(join(copy, name))) continue
    console.error(`${name} is not what the commands make it today: run \`npm run ${script}\` and commit it.`)
    process.exitCode = 1
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
