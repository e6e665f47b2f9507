import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, Config, Help, Plugin } from '@oclif/core'
import { captureOutput } from '@oclif/test'
import { describe, expect, it } from 'vitest'
import { BaseCommand } from '../../src/cli/base-command.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMMANDS = join(ROOT, 'src', 'commands')

/** Every command there is, so that a new one is held to the same. */
const files = readdirSync(COMMANDS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'))

describe.each(files)('the help of src/commands/%s', (file) => {
  it('has a summary, a description of its own, and examples', async () => {
    const command = await load(file)
    expect(command.summary).toMatch(/^[A-Z].*\.$/)
    expect(command.description).toMatch(/\.$/)
    expect(command.description).not.toBe(command.summary)
    expect(command.examples?.length).toBeGreaterThan(0)
    expect(Object.create(command.prototype)).toBeInstanceOf(BaseCommand)
    expect(command.enableJsonFlag).toBe(true)
  })

  it('shows each example as the command that is typed', async () => {
    const help = await shown(await load(file), file)
    const examples = help.split('\nEXAMPLES\n')[1]
    expect(examples).toContain(`$ dtstream ${idOf(file).replaceAll(':', ' ')}`)
    expect(help).not.toMatch(/<%|undefined|\[object/)
  })

  it('describes every argument and flag', async () => {
    const command = await load(file)
    const all = { ...command.args, ...command.flags, ...command.baseFlags }
    for (const [name, { description }] of Object.entries(all)) expect(description, name).toBeTruthy()
  })
})

it('finds the commands', () => {
  expect(files).toContain('topics/create.ts')
})

function idOf(file: string): string {
  return file.replace(/(\/index)?\.ts$/, '').replaceAll('/', ':')
}

async function load(file: string): Promise<typeof Command> {
  const module = (await import(join(COMMANDS, file))) as { default: typeof Command }
  return module.default
}

async function shown(command: typeof Command, file: string): Promise<string> {
  const pjson = { name: 'dtstream', version: '0.0.0', oclif: { bin: 'dtstream', topicSeparator: ' ' as const } }
  const plugin = new Plugin({ root: ROOT, isRoot: true, pjson, ignoreManifest: true })
  await plugin.load()
  const config = await Config.load({ root: ROOT, pjson, plugins: new Map([[plugin.name, plugin]]) })
  const { args, flags, baseFlags } = command
  const loadable = { ...command, id: idOf(file), args: named(args), flags: named({ ...baseFlags, ...flags }) }
  const { stdout, error } = await captureOutput(() =>
    new Help(config).showCommandHelp(loadable as unknown as Command.Loadable),
  )
  if (error) throw error
  return stdout
}

/** oclif gives definitions their names when it lists the commands of a folder. */
function named<T extends object>(definitions: Record<string, T> | undefined): Record<string, T & { name: string }> {
  return Object.fromEntries(Object.entries(definitions ?? {}).map(([name, it]) => [name, { ...it, name }]))
}
