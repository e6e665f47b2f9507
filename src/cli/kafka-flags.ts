import { readFile } from 'node:fs/promises'
import { Flags } from '@oclif/core'
import { EXIT, ExpectedError } from '../errors.js'
import type { KafkaSettings } from '../log/kafka/kafka-settings.js'
import type { KafkaFlagValues } from '../log/kafka/settings/resolve.js'

/** How the brokers are reached. No flag takes a secret: others on the machine can read arguments. */
export const kafkaFlags = {
  'bootstrap-server': Flags.string({
    helpGroup: 'GLOBAL',
    helpValue: 'HOST:PORT,...',
    description: 'Kafka brokers to begin with; without any, topics are those of the embedded log',
    env: 'KAFKA_BOOTSTRAP_SERVER',
  }),
  'kafka-config': Flags.string({
    helpGroup: 'GLOBAL',
    helpValue: 'FILE',
    description: "properties file of a Kafka client, Java's or librdkafka's: TLS, SASL, passwords",
    env: 'DTSTREAM_KAFKA_CONFIG',
  }),
  'kafka-property': Flags.string({
    char: 'X',
    helpGroup: 'GLOBAL',
    helpValue: 'NAME=VALUE',
    description: 'one property that is not secret, as in --kafka-config',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

const NAMES = ['bootstrap-server', 'kafka-config', 'kafka-property'] as const

/** What oclif tells of the flags it has parsed, as far as it is asked here. */
export interface ParsedKafkaFlags {
  flags: KafkaFlagValues & { log?: string | undefined }
  /** `flag` of those that stood in arguments */
  raw: readonly { type: string; flag?: string }[]
  metadata: { flags: Record<string, { setFromDefault?: boolean } | undefined> }
}

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  warn: (sentence: string) => void
}

/** Where a value stands; the first of these counts most. */
const PLACES = ['the arguments', 'the environment', 'the config file'] as const
type Place = (typeof PLACES)[number]

/**
 * Which brokers a command is to use: of `--log` and `--bootstrap-server` (or a file that names brokers), the one that
 * stands where it counts more.
 * @returns undefined for the embedded log
 * @throws ExpectedError (exit code 2) where both stand in the same place, or where the settings are not right
 */
export async function kafkaSettingsOf(
  parsed: ParsedKafkaFlags,
  { env, warn }: Surroundings,
): Promise<KafkaSettings | undefined> {
  if (isEmbedded(parsed, env)) return undefined
  const flags = valuesFrom(parsed, 'the arguments')
  const defaults = valuesFrom(parsed, 'the config file')
  if (!isKafkaNamed(flags, defaults, env)) return undefined
  const { resolveKafkaSettings } = await import('../log/kafka/settings/resolve.js')
  return resolveKafkaSettings({ flags, defaults, env, readFile: (path) => readFile(path, 'utf8'), warn })
}

function isEmbedded(parsed: ParsedKafkaFlags, env: Surroundings['env']): boolean {
  const log = placeOf('log', parsed)
  if (!log) return false
  const [server, file] = [serverPlace(parsed, env), placeOf('kafka-config', parsed)]
  const both = [server, file].find((place) => place === log)
  if (both) {
    const other = server === log ? '--bootstrap-server' : '--kafka-config'
    throw new ExpectedError(
      `the log cannot be embedded and on Kafka at once: --log and ${other} both stand in ${log}`,
      [other, '--log'].map((flag) => `${flag} alone`),
      EXIT.usage,
    )
  }
  const rank = PLACES.indexOf(log)
  return [server, file].every((place) => place === undefined || PLACES.indexOf(place) > rank)
}

function serverPlace(parsed: ParsedKafkaFlags, env: Surroundings['env']): Place | undefined {
  const place = placeOf('bootstrap-server', parsed)
  return place !== 'the arguments' && env.KAFKA_BOOTSTRAP_SERVERS ? 'the environment' : place
}

function placeOf(name: string, { flags, raw, metadata }: ParsedKafkaFlags): Place | undefined {
  if (flags[name as keyof typeof flags] === undefined) return undefined
  if (raw.some(({ type, flag }) => type === 'flag' && flag === name)) return 'the arguments'
  return metadata.flags[name]?.setFromDefault ? 'the config file' : 'the environment'
}

function valuesFrom(parsed: ParsedKafkaFlags, place: Place): KafkaFlagValues {
  const names = NAMES.filter((name) => placeOf(name, parsed) === place)
  return Object.fromEntries(names.map((name) => [name, parsed.flags[name]]))
}

/** Spares commands on the embedded log from loading what reads properties. */
function isKafkaNamed(flags: KafkaFlagValues, defaults: KafkaFlagValues, env: Surroundings['env']): boolean {
  const named = Object.keys(flags).length + Object.keys(defaults).length > 0
  const variables = ['KAFKA_BOOTSTRAP_SERVER', 'KAFKA_BOOTSTRAP_SERVERS', 'KAFKA_METADATA_BROKER_LIST']
  return named || [...variables, 'DTSTREAM_KAFKA_CONFIG'].some((variable) => env[variable])
}
