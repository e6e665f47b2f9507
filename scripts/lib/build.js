import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execPath, pid } from 'node:process'
import { keepNeededDeclarations } from './declarations.js'
import { BOKEH_VERSION, buildPage, PAGE_CONFIG } from './page.js'

const STAMP = '.stamp'
/** What is run, and the declarations of what other packages import. */
const CONFIGS = ['tsconfig.build.json', 'tsconfig.types.json']
/** What is read at run time beside what is compiled. */
const DATA = [join('spark', 'connect', 'spark-connect.proto')]

/** Whether dist/ was made from src/ and the compiler settings as they are now. */
export function isBuilt(root) {
  const stamp = join(root, 'dist', STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digest(root)
}

/**
 * Compiles src/ to dist/: aside first, and in dist/'s place when it is whole, so that a build that fails or is cut short
 * leaves dist/ as it was. @returns whether it compiled; the compiler's complaints are on standard error
 */
export function build(root) {
  const made = digest(root)
  const aside = join(root, 'node_modules', '.cache', `dtstream-build-${pid}`)
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const compile = (config) => {
    const args = [compiler, '-p', join(root, config), '--outDir', join(aside, 'new')]
    return spawnSync(execPath, args, { stdio: ['ignore', 2, 2] }).status === 0
  }
  try {
    mkdirSync(aside, { recursive: true })
    if (!CONFIGS.every(compile) || !buildPage(root, compiler, join(aside, 'new'))) return false
    keepNeededDeclarations(join(aside, 'new'))
    for (const file of DATA) cpSync(join(root, 'src', file), join(aside, 'new', file))
    writeFileSync(join(aside, 'new', STAMP), made)
    if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), join(aside, 'old'))
    renameSync(join(aside, 'new'), join(root, 'dist'))
    return true
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

/** Of everything that dist/ is made from: by content, because checkouts and copies change the times of files. */
function digest(root) {
  const hash = createHash('sha256')
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
  const settings = ['tsconfig.json', ...CONFIGS, PAGE_CONFIG, BOKEH_VERSION].map((name) => join(root, name))
  for (const file of [...settings, ...sources]) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}
