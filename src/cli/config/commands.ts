import { type Config, type Interfaces, toConfiguredId } from '@oclif/core'

/** A command that a config file may have a section for. */
export interface KnownCommand {
  /** names of its flags, those aside that no file sets */
  flags: readonly string[]
  /** its flags with what reads their values; the command's own code is loaded for it */
  load(): Promise<Interfaces.FlagInput>
}

/** By name as typed: `topics create`. */
export type KnownCommands = ReadonlyMap<string, KnownCommand>

/** Flags that no config file sets: two say where flags come from, one is the form of one call's output. */
export const NOT_IN_FILE = ['config', 'profile', 'json']

/**
 * All commands of the program itself.
 * @param running the command that runs, whose flags are at hand
 */
export function knownCommands(config: Config, running: { name: string; flags: Interfaces.FlagInput }): KnownCommands {
  const own = config.commands.filter(({ pluginName }) => pluginName === config.name)
  const known = own.map((command): [string, KnownCommand] => [
    toConfiguredId(command.id, config),
    { flags: settable(command.flags), load: async () => flagsOf(await command.load()) },
  ])
  return new Map([...known, [running.name, { flags: settable(running.flags), load: async () => running.flags }]])
}

/** A command's flags, those included that all commands have. */
export function flagsOf(command: {
  flags: Interfaces.FlagInput
  baseFlags: Interfaces.FlagInput
}): Interfaces.FlagInput {
  return { ...command.baseFlags, ...command.flags }
}

function settable(flags: Record<string, unknown>): string[] {
  return Object.keys(flags).filter((name) => !NOT_IN_FILE.includes(name))
}
