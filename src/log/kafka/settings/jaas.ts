import { type Property, settingsError } from './properties.js'
import type { PropertyName } from './property-names.js'

const FORM =
  /^\s*([\w.]+)\s+(required|requisite|sufficient|optional)\b((?:[^"';]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*);?\s*$/is
const OPTION = /\s*([\w.-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s"']+))(?=\s|$)/gsy
const MODULE = /(?:^|\.)(Plain|Scram|OAuthBearer)LoginModule$/

const OPTIONS: Record<string, Record<string, PropertyName>> = {
  Plain: { username: 'sasl.username', password: 'sasl.password' },
  Scram: { username: 'sasl.username', password: 'sasl.password' },
  OAuthBearer: {
    clientId: 'sasl.oauthbearer.client.id',
    clientSecret: 'sasl.oauthbearer.client.secret',
    scope: 'sasl.oauthbearer.scope',
  },
}
const EXTENSION = 'extension_'

/**
 * The properties that `sasl.jaas.config` stands for: `...PlainLoginModule required username="..." password="...";`
 * @throws ExpectedError, which repeats nothing of the value, where it has not this form or another module
 */
export function jaasProperties(text: string, where: string): Property[] {
  const [, module, , rest] = FORM.exec(text) ?? []
  if (module === undefined) throw notJaas(where)
  const kind = MODULE.exec(module)?.[1]
  if (!kind)
    throw settingsError(`${where}: not a login module that dtstream knows`, ...Object.keys(OPTIONS).map(example))
  const options = readOptions(rest)
  if (!options) throw notJaas(where)
  const extensions = options.filter(([key]) => kind === 'OAuthBearer' && key.startsWith(EXTENSION))
  const properties = options.flatMap(([key, value]): Property[] => {
    const name = Object.hasOwn(OPTIONS[kind], key) ? OPTIONS[kind][key] : undefined
    return name ? [{ name, value, where }] : []
  })
  if (extensions.length === 0) return properties
  const value = extensions.map(([key, value]) => `${key.slice(EXTENSION.length)}=${value}`).join(',')
  return [...properties, { name: 'sasl.oauthbearer.extensions', value, where }]
}

function readOptions(text: string): [string, string][] | undefined {
  const options: [string, string][] = []
  let end = 0
  for (const match of text.matchAll(OPTION)) {
    const [all, key, double, single, bare] = match
    options.push([key, bare ?? unescaped(double ?? single)])
    end = match.index + all.length
  }
  return text.slice(end).trim() === '' ? options : undefined
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, '$1')
}

function notJaas(where: string): Error {
  return settingsError(`${where}: it cannot be read as MODULE required NAME="VALUE" ...;`, example('Plain'))
}

function example(kind: string): string {
  const options = Object.keys(OPTIONS[kind]).map((key) => `${key}="..."`)
  const room = kind === 'OAuthBearer' ? 'oauthbearer' : kind.toLowerCase()
  return `org.apache.kafka.common.security.${room}.${kind}LoginModule required ${options.join(' ')};`
}
