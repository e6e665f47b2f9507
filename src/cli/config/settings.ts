import { EXIT, ExpectedError } from '../../errors.js'
import { nearestName } from '../../nearest-name.js'
import { ALL_COMMANDS, type ConfigFile, type Section, type Value } from './config-file.js'
import type { FileOrigin, Origin } from './origin.js'
import { errorAt } from './place.js'

/** A flag's value as the files set it for one command. */
export interface Setting {
  value: Value
  /** as errors name it: `replay.rate` */
  name: string
  origin: FileOrigin
}

/** Settings by flag, those first that count more. */
export type Settings = ReadonlyMap<string, Setting>

/** A profile, and who chose it. */
export interface Profile {
  name: string
  origin: Origin
}

/**
 * The profile that holds: the one asked for, else the default one of the first file that has one.
 * @param files those first that count more
 * @throws ExpectedError (exit code 2) where no file has a profile of this name
 */
export function profileOf(files: readonly ConfigFile[], asked: Profile | undefined): Profile | undefined {
  const names = [...new Set(files.flatMap(({ profiles }) => profiles))]
  const defaults = files.flatMap(({ defaultProfile, folder }) =>
    defaultProfile ? [{ ...defaultProfile, folder }] : [],
  )
  for (const { name, place } of defaults) {
    if (!names.includes(name)) throw errorAt(place, ...unknownProfile(name, names))
  }
  if (asked && !names.includes(asked.name)) {
    const [sentence, ...suggestions] = unknownProfile(asked.name, names)
    throw new ExpectedError(sentence, suggestions, EXIT.usage)
  }
  const [first] = defaults
  if (asked || !first) return asked
  const { name, place, folder } = first
  return { name, origin: { kind: 'file', place, folder, rank: 0 } }
}

/**
 * What the files set for a command. Of a flag set several times, the first counts: in the profile before outside of it,
 * in the first file before the next, in the command's section before the one for all.
 */
export function settingsFor(
  files: readonly ConfigFile[],
  profile: string | undefined,
  command: { name: string; flags: readonly string[] },
): Settings {
  const settings = new Map<string, Setting>()
  for (const [rank, { section, folder }] of inOrder(files, profile, command.name).entries()) {
    for (const { name, place, value } of section.entries) {
      if (settings.has(name) || !command.flags.includes(name)) continue
      const of = section.profile === undefined ? {} : { profile: section.profile }
      settings.set(name, {
        value,
        name: `${section.name}.${name}`,
        origin: { kind: 'file', place, folder, rank, ...of },
      })
    }
  }
  return settings
}

function inOrder(files: readonly ConfigFile[], profile: string | undefined, command: string) {
  const ordered: { section: Section; folder: string }[] = []
  for (const within of profile === undefined ? [undefined] : [profile, undefined]) {
    for (const { folder, sections } of files) {
      for (const name of [command, ALL_COMMANDS]) {
        const section = sections.find((one) => one.name === name && one.profile === within)
        if (section) ordered.push({ section, folder })
      }
    }
  }
  return ordered
}

function unknownProfile(name: string, names: readonly string[]): [string, ...string[]] {
  const there = names.length > 0 ? `those there are: ${names.join(', ')}` : 'no config file has profiles'
  const near = nearestName(name, names)
  return [`there is no profile '${name}'; ${there}`, ...(near ? [near] : [])]
}
