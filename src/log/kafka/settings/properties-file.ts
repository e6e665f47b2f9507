import { Pair, parseLines } from 'dot-properties'
import { nearestName } from '../../../nearest-name.js'
import { jaasProperties } from './jaas.js'
import { PASSED_OVER } from './passed-over.js'
import { type Property, settingsError } from './properties.js'
import { isSecret, SPELLINGS, variableOf } from './property-names.js'

/** A name written so is taken for a property's; anything else may be a piece of a secret, and is not repeated. */
const NAME = /^[a-z][a-z0-9]*([._-][a-z0-9]+)+$/

/** Values in which a backslash is likely meant as it is; elsewhere Java's escapes are in use. */
const LITERAL = /(password|secret|username)$/
const LONE_BACKSLASH = /^(?:[^\\]|\\\\|\\\n|\\u[0-9a-f]{4})*\\(?!u[0-9a-f]{4})[^\\\n]/i

/** The share of its letters by which a name may differ from a property's to be taken for a slip of the pen. */
const MISSPELT = 1 / 5

/**
 * The properties in a file of Java's syntax; what says nothing of the brokers is passed over.
 * @param warn told, in a sentence, of names that no Kafka client is known to have
 * @throws ExpectedError with path and line where a name is misspelt, or a line is no property
 */
export function readProperties(text: string, path: string, warn: (sentence: string) => void): Property[] {
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const properties: Property[] = []
  const unknown: string[] = []
  for (const node of parseLines(source, true)) {
    if (!(node instanceof Pair)) continue
    const place = `${path}:${lineOf(source, node.range?.[0] ?? 0)}`
    if (!SPELLINGS.has(node.key)) refuseUnlessName(node.key, node.separator(source), place)
    const known = asProperties(node.key, node.value.trim(), `${place}: ${node.key}`)
    if (!known) unknown.push(node.key)
    else properties.push(...known)
    if (losesBackslash(node, source)) {
      warn(`${place}: ${node.key}: a backslash that is not doubled does not count, as in Java: write \\\\ for each`)
    }
  }
  if (unknown.length > 0) warn(`${path}: passed over, as dtstream does not know them: ${unknown.join(', ')}`)
  return properties
}

/**
 * What `--kafka-property NAME=VALUE` gives.
 * @throws ExpectedError where it has not this form, holds a secret, or names no property
 */
export function readArgument(argument: string): Property[] {
  const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(argument) ?? []
  if (name === undefined || !(NAME.test(name) || PASSED_OVER.has(name))) {
    throw settingsError('--kafka-property is not of the form NAME=VALUE', '--kafka-property security.protocol=SSL')
  }
  if (isSecret(name)) {
    throw settingsError(
      `${name} may hold a secret, which others could read in an argument`,
      `${name}=... in the file that --kafka-config names`,
      `${variableOf(name)} in the environment`,
    )
  }
  const properties = asProperties(name, value.trim(), `--kafka-property ${name}`)
  if (properties) return properties
  throw settingsError(`--kafka-property ${name}: dtstream knows no such property`)
}

/** What the environment gives: `KAFKA_` and a property's name. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Property[] {
  return [...SPELLINGS.keys()].flatMap((spelling) => {
    const variable = variableOf(spelling)
    const value = env[variable]?.trim()
    return value ? (asProperties(spelling, value, variable) ?? []) : []
  })
}

/** @returns undefined where no client is known to have such a property */
function asProperties(spelling: string, value: string, where: string): Property[] | undefined {
  const name = SPELLINGS.get(spelling)
  if (name === 'sasl.jaas.config') return value === '' ? [] : jaasProperties(value, where)
  if (name) return [{ name, value, where }]
  if (PASSED_OVER.has(spelling)) return []
  const near = nearestName(spelling, [...SPELLINGS.keys()], MISSPELT)
  if (near) throw settingsError(`${where}: there is no such property`, near)
  return undefined
}

function refuseUnlessName(key: string, separator: string | null, place: string): void {
  if (PASSED_OVER.has(key) || (NAME.test(key) && /[=:]/.test(separator ?? ''))) return
  throw settingsError(
    `${place}: a property's name and = belong there`,
    'end a line with a backslash where its value goes on in the next',
  )
}

function losesBackslash({ key, range }: Pair, source: string): boolean {
  const [, , start, end] = range ?? []
  return LITERAL.test(key) && LONE_BACKSLASH.test(source.slice(start, end))
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
