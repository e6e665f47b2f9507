import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Of `from './x.js'` and `import('./x.js')` */
const IMPORT = /(?:from |import\(|import )['"](\.[^'"]+)\.js['"]/g

/** Removes the declarations that nothing in dist/exports/, which is for other packages, leads to. */
export function keepNeededDeclarations(dist) {
  const needed = new Set()
  const follow = (file) => {
    if (needed.has(file)) return
    needed.add(file)
    for (const [, path] of readFileSync(file, 'utf8').matchAll(IMPORT)) follow(resolve(dirname(file), `${path}.d.ts`))
  }
  const exported = join(dist, 'exports')
  for (const name of readdirSync(exported)) if (name.endsWith('.d.ts')) follow(join(exported, name))
  for (const name of readdirSync(dist, { recursive: true })) {
    const file = join(dist, name)
    if (name.endsWith('.d.ts') && !needed.has(file)) rmSync(file)
  }
}
