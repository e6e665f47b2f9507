import { NOT_IN_FILE } from './commands.js'
import { ALL_COMMANDS, PROFILE, PROFILES } from './config-file.js'

/** What is asked of a flag's definition, which a manifest has too. */
export interface DescribedFlag {
  type: 'boolean' | 'option'
  description?: string
  options?: readonly string[]
  multiple?: boolean
  hidden?: boolean
}

/** Flags by name, of each command by name as typed. */
export type DescribedCommands = ReadonlyMap<string, Readonly<Record<string, DescribedFlag>>>

type Schema = Record<string, unknown>

/** A JSON schema of config files, by which editors complete and check. Values are checked further when they are read. */
export function configSchema(commands: DescribedCommands): Schema {
  const sections = Object.fromEntries(
    [...commands].map(([name, flags]) => [name, section(Object.entries(settable(flags)))]),
  )
  const common = [...commands.values()].flatMap((flags) => Object.entries(settable(flags)))
  const all = { description: 'flags of every command that has them', ...section(common) }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'dtstream.yaml',
    ...mapping({
      [PROFILE]: { type: 'string', description: 'the profile where no other is asked for' },
      [PROFILES]: {
        type: ['object', 'null'],
        description: 'sections by name, which come before those outside',
        additionalProperties: { $ref: '#/definitions/sections' },
      },
      [ALL_COMMANDS]: all,
      ...sections,
    }),
    definitions: { sections: mapping({ [ALL_COMMANDS]: all, ...sections }) },
  }
}

function settable(flags: Readonly<Record<string, DescribedFlag>>): Record<string, DescribedFlag> {
  return Object.fromEntries(
    Object.entries(flags).filter(([name, { hidden }]) => !hidden && !NOT_IN_FILE.includes(name)),
  )
}

/** Of a flag that is in it more than once, a value must be right for each. */
function section(flags: readonly [string, DescribedFlag][]): Schema {
  const properties: Record<string, Schema> = {}
  for (const [name] of flags) {
    const same = flags.flatMap(([other, flag]) => (other === name ? [flag] : []))
    const shapes = new Map(same.map((flag) => [JSON.stringify(shape(flag)), shape(flag)]))
    const { description } = same[0]
    properties[name] = { ...(description ? { description } : {}), allOf: [...shapes.values()] }
  }
  return mapping(properties)
}

function mapping(properties: Record<string, Schema>): Schema {
  return { type: ['object', 'null'], properties, additionalProperties: false }
}

function shape({ type, options, multiple }: DescribedFlag): Schema {
  if (type === 'boolean') return { type: 'boolean' }
  const one: Schema = options ? { enum: options } : { type: ['string', 'number'] }
  return multiple ? { anyOf: [one, { type: 'array', items: one, minItems: 1 }] } : one
}
