import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { EXIT, ExpectedError } from '../errors.js'

/** A package on the disk. */
export interface FoundPackage {
  name: string
  version: string
  /** the file that `import` of it takes */
  entry: string
}

/** Conditions of an `exports` field that hold here. */
const CONDITIONS = ['node', 'import', 'module-sync', 'default']
const HERE = path.dirname(fileURLToPath(import.meta.url))

/**
 * Finds a plug-in: a path from `folder`, or a package installed for that folder or any above, else beside dtstream.
 * @throws ExpectedError where there is none
 */
export async function findPackage(named: string, folder: string): Promise<FoundPackage> {
  if (isPath(named)) return atPath(path.resolve(folder, named), named)
  for (const place of [...placesFrom(folder), ...placesFrom(HERE)]) {
    const found = await readPackage(path.join(place, ...named.split('/')))
    if (found) return found
  }
  throw new ExpectedError(
    `there is no package ${named} for ${folder}, nor beside dtstream`,
    [`npm install ${named}`, 'a plug-in in a folder is named by its path: --plugin ./FOLDER'],
    EXIT.usage,
  )
}

function isPath(named: string): boolean {
  return named.startsWith('.') || path.isAbsolute(named)
}

async function atPath(place: string, named: string): Promise<FoundPackage> {
  const there = await stat(place).catch(() => undefined)
  if (there?.isFile()) return { name: named, version: '', entry: place }
  const found = there && (await readPackage(place))
  if (found) return found
  throw new ExpectedError(
    there ? `${place} is no package: it has no package.json` : `there is no plug-in ${place}`,
    ['name a package, its folder, or a file of JavaScript'],
    EXIT.usage,
  )
}

/** The folders in which Node looks for packages from a folder on. */
function placesFrom(folder: string): string[] {
  const above = path.dirname(folder)
  return [path.join(folder, 'node_modules'), ...(above === folder ? [] : placesFrom(above))]
}

interface Manifest {
  name?: string
  version?: string
  main?: string
  exports?: unknown
}

async function readPackage(folder: string): Promise<FoundPackage | undefined> {
  const file = path.join(folder, 'package.json')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const manifest = JSON.parse(text) as Manifest
    return { name: manifest.name ?? folder, version: manifest.version ?? '', entry: entryOf(folder, manifest) }
  } catch (error) {
    throw new ExpectedError(`the package in ${folder} has no module to load: ${(error as Error).message}`, [
      'install it again, or build it if it is your own',
    ])
  }
}

/** As Node does for `import`: `exports` where there is one, else `main`, else index.js. */
function entryOf(folder: string, { exports: exported, main }: Manifest): string {
  if (exported === undefined) return createRequire(path.join(folder, 'package.json')).resolve(`./${main ?? 'index.js'}`)
  const target = targetOf(isBySubpath(exported) ? exported['.'] : exported)
  if (target === undefined) throw new Error('its package.json exports none for import')
  return path.join(folder, target)
}

function isBySubpath(exported: unknown): exported is Record<string, unknown> {
  return typeof exported === 'object' && exported !== null && Object.keys(exported).some((key) => key.startsWith('.'))
}

function targetOf(exported: unknown): string | undefined {
  if (typeof exported === 'string') return exported
  if (typeof exported !== 'object' || exported === null) return undefined
  const candidates = Array.isArray(exported)
    ? exported
    : Object.entries(exported).flatMap(([condition, value]) => (CONDITIONS.includes(condition) ? [value] : []))
  for (const candidate of candidates) {
    const target = targetOf(candidate)
    if (target !== undefined) return target
  }
  return undefined
}
