import { pathToFileURL } from 'node:url'
import { EXIT, ExpectedError } from '../errors.js'
import { SINK_SCHEMES } from '../sinks/registry.js'
import type { SinkSpec } from '../sinks/sink.js'
import { SOURCE_SCHEMES } from '../sources/registry.js'
import type { SourceSpec } from '../sources/source.js'
import { readExports } from './contract.js'
import { type FoundPackage, findPackage } from './find-package.js'
import { sourceWithSentences, withSentences } from './sentences.js'

/** A plug-in that was loaded. */
export interface Plugin {
  /** package@version, or the path of its file */
  name: string
  sinks: SinkSpec[]
  sources: SourceSpec[]
}

/**
 * Loads plug-ins.
 * @param folder from which they are looked for
 * @throws ExpectedError where one is not there, is none, or brings a scheme that is taken
 */
export async function loadPlugins(named: readonly string[], folder: string): Promise<Plugin[]> {
  const plugins: Plugin[] = []
  for (const one of new Set(named)) plugins.push(await loadPlugin(one, folder))
  refuseTaken('sink', SINK_SCHEMES, plugins)
  refuseTaken('source', SOURCE_SCHEMES, plugins)
  return plugins
}

async function loadPlugin(named: string, folder: string): Promise<Plugin> {
  const found = await findPackage(named, folder)
  const name = found.version ? `${found.name}@${found.version}` : found.name
  const { sinks = [], sources = [] } = readExports(name, await importPackage(name, found))
  return {
    name,
    sinks: sinks.map((spec) => withSentences(spec, name)),
    sources: sources.map((spec) => sourceWithSentences(spec, name)),
  }
}

async function importPackage(name: string, { entry }: FoundPackage): Promise<Record<string, unknown>> {
  try {
    const module = (await import(pathToFileURL(entry).href)) as Record<string, unknown>
    // what a CommonJS module exports is its default
    const all = typeof module.default === 'object' && module.default !== null ? module.default : {}
    return { ...all, ...module }
  } catch (error) {
    throw new ExpectedError(`the plug-in ${name} cannot be loaded: ${(error as Error).message.split('\n')[0]}`, [
      'what it needs may not be installed, or it was made for another version of Node',
    ])
  }
}

function refuseTaken(what: 'sink' | 'source', own: readonly string[], plugins: readonly Plugin[]): void {
  const owners = new Map(own.map((scheme) => [scheme, 'dtstream itself']))
  for (const plugin of plugins) {
    for (const { scheme } of what === 'sink' ? plugin.sinks : plugin.sources) {
      const owner = owners.get(scheme)
      if (owner !== undefined)
        throw new ExpectedError(
          `${plugin.name} brings a ${what} '${scheme}:', which ${owner} has already`,
          ['leave one of them out, or give its scheme another name'],
          EXIT.usage,
        )
      owners.set(scheme, plugin.name)
    }
  }
}
