import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'

/** How the page's modules are compiled. */
export const PAGE_CONFIG = 'tsconfig.page.json'
/** BokehJS is a hundred megabytes, of which the page needs two scripts; its licence goes with them. */
const BOKEH = join('node_modules', '@bokeh', 'bokehjs')
const BOKEH_FILES = {
  'build/js/bokeh.min.js': 'bokeh.min.js',
  'build/js/bokeh-api.min.js': 'bokeh-api.min.js',
  LICENSE: 'LICENSE.txt',
}

/** What says which BokehJS is installed. */
export const BOKEH_VERSION = join(BOKEH, 'package.json')

/**
 * Makes what browsers are sent: the page's modules with those that they import, each at its path in src/ below
 * dashboard/web/page, its other files, and BokehJS. @returns whether it compiled
 */
export function buildPage(root, compiler, out) {
  const page = join(out, 'dashboard', 'web', 'page')
  const args = [compiler, '-p', join(root, PAGE_CONFIG), '--outDir', page]
  if (spawnSync(execPath, args, { stdio: ['ignore', 2, 2] }).status !== 0) return false
  const sources = join(root, 'src', 'dashboard', 'web', 'page')
  for (const name of readdirSync(sources))
    if (/\.(html|css|svg)$/.test(name)) cpSync(join(sources, name), join(page, name))
  const bokeh = join(out, 'dashboard', 'web', 'bokeh')
  mkdirSync(bokeh, { recursive: true })
  for (const [file, name] of Object.entries(BOKEH_FILES)) cpSync(join(root, BOKEH, file), join(bokeh, name))
  return true
}
