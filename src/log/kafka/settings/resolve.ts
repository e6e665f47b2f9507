import { fileProblem } from '../../../cli/file-problem.js'
import type { KafkaSettings } from '../kafka-settings.js'
import { readBrokers } from './brokers.js'
import { concealed } from './describe.js'
import type { ReadFile } from './pem.js'
import { Properties, type Property, settingsError } from './properties.js'
import { readArgument, readEnvironment, readProperties } from './properties-file.js'
import { readSasl } from './sasl.js'
import { readSecurity } from './security.js'
import { readTls } from './tls.js'

/** What the flags of `kafkaFlags` hold. */
export interface KafkaFlagValues {
  'bootstrap-server'?: string | undefined
  'kafka-config'?: string | undefined
  'kafka-property'?: readonly string[] | undefined
}

export interface SettingsPlaces {
  /** from arguments and the flags' own environment variables */
  flags: KafkaFlagValues
  /** from config files: what none of the other places gives */
  defaults?: KafkaFlagValues
  env: Readonly<Record<string, string | undefined>>
  readFile: ReadFile
  /** told, in a sentence each, what will work but should be known */
  warn?: (sentence: string) => void
}

/**
 * How the brokers are to be reached: by flags, else the environment, else the file of properties, else the flags'
 * defaults. All files that are named have been read, and what was read from them has been checked.
 * @returns undefined where nothing at all names a broker
 * @throws ExpectedError (exit code 2) that names the place and never a secret
 */
export async function resolveKafkaSettings(places: SettingsPlaces): Promise<KafkaSettings | undefined> {
  const { readFile, warn = () => {} } = places
  const properties = await gather(places, warn)
  const servers = properties.first('bootstrap.servers')
  if (!servers) {
    const path = pathOf(places)
    if (path) throw noBroker(path)
    return undefined
  }
  const security = readSecurity(properties)
  return concealed({
    brokers: readBrokers(servers),
    clientId: properties.value('client.id') ?? 'dtstream',
    ...(security.tls ? { tls: await readTls(properties, readFile, warn) } : {}),
    ...(security.sasl ? { sasl: readSasl(properties, security.tls, warn) } : {}),
  })
}

async function gather(places: SettingsPlaces, warn: (sentence: string) => void): Promise<Properties> {
  const { flags, defaults = {}, env } = places
  const path = pathOf(places)
  const inFile = path ? readProperties(await readConfig(path, places.readFile), path, warn) : []
  const fromDefaults = fromFlags(defaults, 'bootstrap-server in the config file')
  return new Properties([fromFlags(flags, '--bootstrap-server'), fromEnvironment(env), inFile, fromDefaults])
}

/** The flag of its own counts more than a `--kafka-property` of the same. */
function fromFlags(flags: KafkaFlagValues, where: string): Property[] {
  const value = flags['bootstrap-server']
  const properties = (flags['kafka-property'] ?? []).flatMap(readArgument)
  return value ? [...properties, { name: 'bootstrap.servers', value, where }] : properties
}

/** The flag's variable, `KAFKA_BOOTSTRAP_SERVER`, counts more than the one with an S behind. */
function fromEnvironment(env: SettingsPlaces['env']): Property[] {
  const value = env.KAFKA_BOOTSTRAP_SERVER?.trim()
  const properties = readEnvironment(env)
  return value ? [...properties, { name: 'bootstrap.servers', value, where: 'KAFKA_BOOTSTRAP_SERVER' }] : properties
}

function pathOf({ flags, defaults, env }: SettingsPlaces): string | undefined {
  return flags['kafka-config'] || env.DTSTREAM_KAFKA_CONFIG || defaults?.['kafka-config'] || undefined
}

async function readConfig(path: string, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(path)
  } catch (error) {
    throw settingsError(`--kafka-config ${path}: it cannot be read: ${fileProblem(error)}`)
  }
}

function noBroker(path: string): Error {
  return settingsError(
    `${path} says how brokers are reached, but no broker is named`,
    'bootstrap.servers=HOST:PORT in that file',
    '--bootstrap-server HOST:PORT',
    '--log DIR, where the embedded log is meant',
  )
}
