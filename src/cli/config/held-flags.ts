import type { Interfaces } from '@oclif/core'
import { isSecret } from '../../log/kafka/settings/property-names.js'
import { BROKER_VARIABLES, unusedLogFlags } from '../kafka-flags.js'
import { S3_VARIABLES } from '../s3-flags.js'
import { NOT_IN_FILE } from './commands.js'
import { type Origin, originOf, type Parsed } from './origin.js'
import { fromFolder } from './paths.js'
import type { Profile, Settings } from './settings.js'

/** What a command's flags hold, and the files that were asked. */
export interface Held {
  /** those first that count more */
  files: readonly string[]
  profile?: Profile
  /** by name; those without a value are left out */
  flags: ReadonlyMap<string, HeldFlag>
}

export interface HeldFlag {
  /** as it is typed; several where the flag may be repeated; true or false for switches */
  value: string | string[] | boolean
  origin: Origin
}

/** What flags are read from. */
export interface Sources {
  parsed: Parsed
  settings: Settings
  definitions: Interfaces.FlagInput
  env: Readonly<Record<string, string | undefined>>
}

/** Each flag that has a value, with its origin. Secrets are concealed. */
export async function heldFlags(sources: Sources): Promise<Map<string, HeldFlag>> {
  const { parsed, settings, definitions, env } = sources
  const origin = (name: string) => originOf(name, parsed, definitions, settings)
  const unused = [...NOT_IN_FILE, ...unusedLogFlags({ flags: parsed.flags, originOf: origin }, env)]
  const held = new Map<string, HeldFlag>()
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.hidden || unused.includes(name)) continue
    const flag = await heldFlag(name, orVariable(name, origin(name), env), sources)
    if (flag) held.set(name, flag)
  }
  return held
}

/** Environment variables that set what a flag sets, beside its own or instead of one; the first that is set counts. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = { 'bootstrap-server': BROKER_VARIABLES, ...S3_VARIABLES }

function orVariable(name: string, origin: Origin, env: Sources['env']): Origin {
  const variable = origin.kind === 'flag' ? undefined : VARIABLES[name]?.find((one) => env[one])
  return variable ? { kind: 'env', variable } : origin
}

async function heldFlag(name: string, origin: Origin, sources: Sources): Promise<HeldFlag | undefined> {
  const definition = sources.definitions[name]
  const value = sources.parsed.flags[name]
  if (definition.type === 'boolean') return value === undefined ? undefined : { value: Boolean(value), origin }
  const texts = origin.kind === 'default' ? await defaultOf(definition, value) : typed(name, origin, sources)
  const shown = texts.map((text) => withoutSecrets(text, name))
  if (shown.length === 0) return undefined
  return { value: definition.multiple ? shown : shown[0], origin }
}

/** As help shows it. */
async function defaultOf(definition: Interfaces.OptionFlag<unknown>, value: unknown): Promise<string[]> {
  if (value === undefined) return []
  const { defaultHelp } = definition
  const help = typeof defaultHelp === 'function' ? await defaultHelp({ options: definition, flags: {} }) : defaultHelp
  return [help ?? value].flat().map(String)
}

/** As it was typed. */
function typed(name: string, origin: Origin, { parsed, settings, definitions, env }: Sources): string[] {
  if (origin.kind === 'flag') return parsed.raw.flatMap(({ flag, input }) => (flag === name ? [input] : []))
  if (origin.kind === 'env') return [env[origin.variable] ?? '']
  const setting = settings.get(name)
  const folder = setting?.origin.folder ?? ''
  return setting?.value.texts.map(({ text }) => fromFolder(text, definitions[name], folder)) ?? []
}

const CONCEALED = '[concealed]'
const USER_INFO = /(:\/\/[^/@:\s]*:)[^/@\s]*@/g
const QUERY = /([?&][^=&]*(?:password|secret|token)[^=&]*=)[^&]*/gi

const URL_PATH = /^(https?:\/\/[^/?#]*).+$/s

/**
 * The path of a webhook often is the key to it. For other secrets no flag is made; but a URI may hold one, and a
 * property that is refused only when it is used.
 */
function withoutSecrets(text: string, flag: string): string {
  const property = flag === 'kafka-property' ? text.split('=')[0] : ''
  if (isSecret(property.trim())) return `${property}=${CONCEALED}`
  const bare = flag === 'alarm-webhook' ? text.replace(URL_PATH, `$1/${CONCEALED}`) : text
  return bare.replace(USER_INFO, `$1${CONCEALED}@`).replace(QUERY, `$1${CONCEALED}`)
}
