import { table } from '../table.js'
import type { Held, HeldFlag } from './held-flags.js'
import { type Origin, originInWords } from './origin.js'

/** By command, as typed. */
export type HeldByCommand = ReadonlyMap<string, Held>

/** For people: the files, the profile, and a table a command. */
export function heldInWords(held: HeldByCommand): string {
  const [{ files, profile }] = held.values()
  const head = [
    filesInWords(files),
    ...(profile ? [`profile: ${profile.name} (${originInWords(profile.origin)})`] : []),
  ]
  const tables = [...held].map(([command, { flags }]) => `${command}\n${tableOf(flags)}`)
  return [head.join('\n'), ...tables].join('\n\n')
}

/** The same as JSON. */
export function heldAsJson(held: HeldByCommand) {
  const [{ files, profile }] = held.values()
  const commands = [...held].map(([command, { flags }]) => [command, flagsAsJson(flags)])
  return {
    files,
    profile: profile ? { name: profile.name, origin: originAsJson(profile.origin) } : null,
    commands: Object.fromEntries(commands) as Record<string, ReturnType<typeof flagsAsJson>>,
  }
}

function filesInWords(files: readonly string[]): string {
  if (files.length === 0) return 'no config file'
  return `config file: ${files.join(', then ')}`
}

function tableOf(flags: Held['flags']): string {
  const rows = [...flags].map(([name, { value, origin }]) => [name, [value].flat().join(', '), originInWords(origin)])
  return table(['flag', 'value', 'from'], rows, [])
}

function flagsAsJson(flags: Held['flags']) {
  const entries = [...flags].map(([name, { value, origin }]) => [name, { value, origin: originAsJson(origin) }])
  return Object.fromEntries(entries) as Record<string, Pick<HeldFlag, 'value'> & { origin: object }>
}

/** What a reader can use: a file's name is flat, and how it counts is told by the order of files. */
function originAsJson(origin: Origin): object {
  if (origin.kind !== 'file') return origin
  const { kind, place, profile } = origin
  return { kind, ...place, ...(profile === undefined ? {} : { profile }) }
}
