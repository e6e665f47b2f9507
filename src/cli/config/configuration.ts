import type { Command, Interfaces } from '@oclif/core'
import type { ConfigFile } from './config-file.js'
import { readConfigFiles } from './read-config.js'
import { type Profile, profileOf, type Settings, settingsFor } from './settings.js'

/** What the config files say for one command. */
export interface Configuration {
  /** those first that count more */
  files: readonly ConfigFile[]
  profile?: Profile
  settings: Settings
}

/** The command that is to be configured. */
export interface Configured {
  command: Command
  /** as typed: `topics create` */
  name: string
  flags: Interfaces.FlagInput
  /** the flags that every command has */
  common: Interfaces.FlagInput
  warn: (sentence: string) => void
}

/**
 * Finds, reads and checks the config files. `--config` and `--profile` are looked for before flags are parsed, because
 * what they name has the defaults of the others.
 * @throws ExpectedError (exit code 2) where anything in a file is wrong, or there is no such file or profile
 */
export async function readConfiguration(argv: readonly string[], configured: Configured): Promise<Configuration> {
  const { command, name, flags, common, warn } = configured
  const { config } = command
  const named = chosen('config', argv)?.name
  const files = await readConfigFiles({ named, userFolder: config.configDir, warn })
  if (files.length > 0) {
    const [{ checkConfig }, { knownCommands }] = await Promise.all([
      import('./check-config.js'),
      import('./commands.js'),
    ])
    const known = knownCommands(config, { name, flags })
    for (const file of files) await checkConfig(file, { known, common, command })
  }
  const profile = profileOf(files, chosen('profile', argv))
  const settings = settingsFor(files, profile?.name, { name, flags: Object.keys(flags) })
  return { files, settings, ...(profile ? { profile } : {}) }
}

/** A flag in the arguments, else in its environment variable; an empty text is none. */
function chosen(flag: 'config' | 'profile', argv: readonly string[]): Profile | undefined {
  const inArguments = argumentOf(`--${flag}`, argv)
  if (inArguments) return { name: inArguments, origin: { kind: 'flag' } }
  const variable = `DTSTREAM_${flag.toUpperCase()}`
  const name = process.env[variable]
  return name ? { name, origin: { kind: 'env', variable } } : undefined
}

function argumentOf(flag: string, argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--')
  const before = end < 0 ? argv : argv.slice(0, end)
  const joined = before.find((argument) => argument.startsWith(`${flag}=`))
  if (joined) return joined.slice(flag.length + 1)
  const at = before.indexOf(flag)
  return at < 0 ? undefined : before[at + 1]
}
