import type { Command, Interfaces } from '@oclif/core'
import { excludedBy } from './exclusive.js'
import { readValue } from './read-value.js'
import type { Settings } from './settings.js'

/** Flag definitions with the files' values as defaults, so that arguments and environment still come before them. */
export async function withConfigDefaults<T extends Interfaces.FlagInput>(
  settings: Settings,
  flags: T,
  command: Command,
): Promise<T> {
  const changed: Interfaces.FlagInput = {}
  for (const [key, { value, name, origin }] of settings) {
    const flag = flags[key]
    if (!flag) continue
    const read = await readValue(value, { flag, name, folder: origin.folder, command })
    changed[key] = { ...flag, default: read } as Interfaces.FlagInput[string]
  }
  return { ...flags, ...changed }
}

/** An argument says the same as this flag: with it, the files' sources do not count. */
const ARGUMENT_OF: Readonly<Record<string, string>> = { from: 'sources' }

/**
 * The files' settings without those that have to go: for a flag that excludes them, or an argument in their place, which
 * arguments, environment or a setting that counts more give.
 */
export function notOverruled(
  settings: Settings,
  flags: Interfaces.FlagInput,
  parsed: Pick<Interfaces.ParserOutput, 'args' | 'flags' | 'metadata'>,
): Settings {
  const isGiven = (name: string) => parsed.flags[name] !== undefined && !parsed.metadata.flags[name]?.setFromDefault
  const kept = new Map<string, NonNullable<ReturnType<Settings['get']>>>()
  for (const [key, setting] of settings) {
    const isExcluded = excludedBy(key, flags).some((name) => isGiven(name) || kept.has(name))
    const byArgument = key in ARGUMENT_OF && parsed.args[ARGUMENT_OF[key]] !== undefined
    if (isGiven(key) || !(isExcluded || byArgument)) kept.set(key, setting)
  }
  return kept
}
