import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

const SUITES = join('src', 'conformance')

/** Of `import ... from 'x'`, `export ... from 'x'`, `import('x')`, `require('x')`: x. */
const IMPORT = /(?:^(?:import|export|\}) ?[^'\n]*from |^import |\bimport\(|\brequire\()'([^'.][^']*)'/gm

it('imports at run time only what an installation brings along', () => {
  const files = ['src', 'bin'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[jt]s$/.test(file) && !file.startsWith('dev'))
      .map((file) => join(folder, file)),
  )
  // what only a plug-in's own tests load, it installs itself
  const brought = (file: string) => (file.startsWith(SUITES) ? { ...dependencies, ...peerDependencies } : dependencies)
  const missing = files.flatMap((file) =>
    packagesOf(readFileSync(join(ROOT, file), 'utf8'))
      .filter((name) => !isBuiltin(name) && !(name in brought(file)))
      .map((name) => `${file}: ${name}`),
  )
  expect(missing).toEqual([])
  expect(files.length).toBeGreaterThan(10)
})

function packagesOf(code: string): string[] {
  const withoutTypes = code.replaceAll(/^import type .*$/gm, '')
  return [...withoutTypes.matchAll(IMPORT)].map(([, path]) =>
    path
      .split('/')
      .slice(0, path.startsWith('@') ? 2 : 1)
      .join('/'),
  )
}
