import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from '@oclif/core'
import { flagsOf, type KnownCommands, NOT_IN_FILE } from '../../src/cli/config/commands.js'

const COMMANDS = fileURLToPath(new URL('../../src/commands', import.meta.url))

/** Every command there is, by name as typed. */
export async function realCommands(): Promise<Map<string, typeof Command>> {
  const files = readdirSync(COMMANDS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const entries = files.map(async (file): Promise<[string, typeof Command]> => {
    const module = (await import(join(COMMANDS, file))) as { default: typeof Command }
    return [file.replace(/\.ts$/, '').replaceAll(/[/\\]/g, ' '), module.default]
  })
  return new Map(await Promise.all(entries))
}

/** The same as a config file is checked against. @param onLoad told whose code is needed */
export async function knownRealCommands(onLoad: (name: string) => void = () => {}): Promise<KnownCommands> {
  const commands = await realCommands()
  return new Map(
    [...commands].map(([name, command]) => {
      const flags = flagsOf(command)
      const settable = Object.keys(flags).filter((flag) => !NOT_IN_FILE.includes(flag))
      const load = async () => {
        onLoad(name)
        return flags
      }
      return [name, { flags: settable, load }]
    }),
  )
}
