import type { Command, Interfaces } from '@oclif/core'
import type { Text, Value } from './config-file.js'
import { fromFolder } from './paths.js'
import { errorAt } from './place.js'

type AnyFlag = Interfaces.FlagInput[string]

/** What a value is read for. */
export interface Reader {
  flag: AnyFlag
  /** as errors name it: `replay.rate` */
  name: string
  /** where relative paths begin */
  folder: string
  /** the command that runs, which oclif hands to what reads flags */
  command: Command
}

/**
 * A flag's value as the command gets it, read from a file's text by what reads it from arguments.
 * @throws ExpectedError (exit code 2) with line and column where it is none for the flag
 */
export async function readValue(value: Value, reader: Reader): Promise<unknown> {
  const { flag, name } = reader
  const [first] = value.texts
  if (flag.type === 'boolean') {
    if (value.isList || first.kind !== 'switch') throw errorAt(value.place, `${name}: true or false belongs there`)
    return first.text.toLowerCase() === 'true'
  }
  if (value.isList && !flag.multiple) throw errorAt(value.place, `${name}: one value belongs there, not a list`)
  if (!first) throw errorAt(value.place, `${name}: the list is empty`)
  const all = await Promise.all(value.texts.map((text) => readText(text, flag, reader)))
  return flag.multiple ? all : all[0]
}

async function readText(
  { text, kind, place }: Text,
  flag: Interfaces.OptionFlag<unknown>,
  { name, folder, command }: Reader,
): Promise<unknown> {
  if (kind === 'none') throw errorAt(place, `${name}: a value belongs there`)
  if (kind === 'switch')
    throw errorAt(place, `${name}: ${text} is for switches, and this flag takes a value`, `"${text}"`)
  if (flag.options && !flag.options.includes(text)) {
    throw errorAt(place, `${name}: '${text}' is not one of ${flag.options.join(', ')}`)
  }
  const input = fromFolder(text, flag, folder)
  const context = Object.assign(Object.create(command) as Command, {
    token: { type: 'flag', flag: name, input } as const,
  })
  try {
    return await flag.parse(input, context, flag)
  } catch (error) {
    const { message, suggestions = [] } = error as Error & { suggestions?: string[] }
    throw errorAt(place, `${name}: ${message}`, ...suggestions)
  }
}
