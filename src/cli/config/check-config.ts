import type { Command, Interfaces } from '@oclif/core'
import { nearestName } from '../../nearest-name.js'
import { type KnownCommand, type KnownCommands, NOT_IN_FILE } from './commands.js'
import { ALL_COMMANDS, type ConfigFile, type Entry, PROFILE, PROFILES, type Section } from './config-file.js'
import { excludedBy } from './exclusive.js'
import { errorAt } from './place.js'
import { readValue } from './read-value.js'

/** What a file is checked against. */
export interface Surroundings {
  known: KnownCommands
  /** the flags that every command has */
  common: Interfaces.FlagInput
  /** the command that runs */
  command: Command
}

/**
 * Checks a whole file, its profiles included, whatever command runs: sections, keys, and values. What stands in `all`
 * must be right for every command that has the flag.
 * @throws ExpectedError (exit code 2) with line and column, and the nearest name where one is not known
 */
export async function checkConfig(file: ConfigFile, surroundings: Surroundings): Promise<void> {
  for (const section of file.sections) {
    const owner = ownerOf(section, surroundings.known)
    for (const entry of section.entries) {
      checkName(entry, section, owner)
      await checkEntry(entry, section, file, surroundings)
    }
  }
}

/** The command that a section is of; for `all`, one that has the flags of all. */
function ownerOf({ name, place, profile }: Section, known: KnownCommands): Pick<KnownCommand, 'flags'> {
  if (name === ALL_COMMANDS) return { flags: [...new Set([...known.values()].flatMap(({ flags }) => flags))] }
  const command = known.get(name)
  if (command) return command
  const others = profile === undefined ? [PROFILES, PROFILE] : []
  const near = nearestName(name, [ALL_COMMANDS, ...known.keys(), ...others])
  throw errorAt(place, `there is no command '${name}'`, ...(near ? [`${near}:`] : []))
}

function checkName({ name, place }: Entry, section: Section, { flags }: Pick<KnownCommand, 'flags'>): void {
  if (flags.includes(name)) return
  if (NOT_IN_FILE.includes(name)) throw errorAt(place, `${section.name}.${name}: no file can set this flag`)
  const near = nearestName(name, flags)
  const owner = section.name === ALL_COMMANDS ? 'no command has' : `${section.name} does not have`
  throw errorAt(place, `${section.name}.${name}: ${owner} this flag`, ...(near ? [`${near}:`] : []))
}

async function checkEntry(entry: Entry, section: Section, { folder }: ConfigFile, around: Surroundings): Promise<void> {
  for (const [owner, flags] of await flagSetsFor(entry, section, around)) {
    const name = owner === section.name ? `${owner}.${entry.name}` : `${section.name}.${entry.name} (of ${owner})`
    await readValue(entry.value, { flag: flags[entry.name], name, folder, command: around.command })
    const excluded = excludedBy(entry.name, flags)
    const other = section.entries.find(({ name }) => excluded.includes(name))
    if (other) throw errorAt(entry.place, `${section.name}.${entry.name}: it cannot stand together with ${other.name}`)
  }
}

/** Flags that an entry is for, by what errors call their owner. Only these commands are loaded. */
async function flagSetsFor(
  { name }: Entry,
  section: Section,
  { known, common }: Surroundings,
): Promise<[owner: string, flags: Interfaces.FlagInput][]> {
  if (name in common) return [[section.name, common]]
  const owners = [...known].filter(([owner, { flags }]) =>
    section.name === ALL_COMMANDS ? flags.includes(name) : owner === section.name,
  )
  return Promise.all(
    owners.map(async ([owner, command]): Promise<[string, Interfaces.FlagInput]> => [owner, await command.load()]),
  )
}
