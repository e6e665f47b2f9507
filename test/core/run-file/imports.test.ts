import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const SRC = new URL('../../../src/', import.meta.url)

/** Packages that a module imports when it loads, its own imports followed. */
function packagesOf(module: URL, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>()
  if (seen.has(module.href)) return packages
  seen.add(module.href)
  for (const [, name] of readFileSync(module, 'utf8').matchAll(/^(?:import|export|\}) (?!type ).*from '(.+)'$/gm)) {
    if (!name.startsWith('.')) packages.add(name)
    else for (const found of packagesOf(new URL(name.replace(/\.js$/, '.ts'), module), seen)) packages.add(found)
  }
  return packages
}

test.each([
  'run-file/run-file.ts',
  'run-file/chamber-map.ts',
  'run-file/format-run-file.ts',
  'simulator/parse-options.ts',
  'simulator/simulator.ts',
])('%s loads no package', (module) => {
  expect([...packagesOf(new URL(`core/${module}`, SRC))]).toEqual([])
})

test('reading a run file does load zod and yaml', () => {
  expect([...packagesOf(new URL('core/run-file/parse-run-file.ts', SRC))].sort()).toEqual(['yaml', 'zod'])
})
