import { Flags } from '@oclif/core'
import type { Plugin } from '../plugins/load-plugins.js'

/** `--plugin`, of every command that names sinks or sources by a URI. */
export const pluginFlag = Flags.string({
  multiple: true,
  multipleNonGreedy: true,
  env: 'DTSTREAM_PLUGINS',
  helpValue: 'PACKAGE',
  description: 'a package with more sinks or sources, by name or path; may be repeated',
})

/**
 * The plug-ins that are named.
 * @param given as parsed: the environment variable comes as one text, with commas
 * @param folder from which they are looked for
 * @throws ExpectedError where one cannot be used
 */
export async function loadNamedPlugins(
  given: string | readonly string[] | undefined,
  folder: string,
): Promise<Plugin[]> {
  const named = typeof given === 'string' ? given.split(',').map((name) => name.trim()) : (given ?? [])
  if (named.length === 0) return []
  const { loadPlugins } = await import('../plugins/load-plugins.js')
  return loadPlugins(named, folder)
}
