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
type KafkaFlag = (typeof NAMES)[number]

/** What oclif tells of the flags it has parsed, as far as it is asked here. */
export interface ParsedKafkaFlags {
  flags: Readonly<Record<string, unknown>>
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
  const { resolveKafkaSettings } = await import('../log/kafka/settings/resolve.js')
  return resolveKafkaSettings({
    flags: valuesFrom(parsed, 'the arguments'),
    defaults: valuesFrom(parsed, 'the config file'),
    env,
    readFile: (path) => readFile(path, 'utf8'),
    warn,
  })
}

/** Whether `--log` stands where it counts more than what names brokers. */
function isEmbedded(parsed: ParsedKafkaFlags, env: Surroundings['env']): boolean {
  const log = placeOf('log', parsed, env)
  if (!log) return false
  const rank = (place: Place | undefined) => (place ? PLACES.indexOf(place) : PLACES.length)
  const others = NAMES.map((name) => ({ name, rank: rank(placeOf(name, parsed, env)) }))
  const rival = others.reduce((best, other) => (other.rank < best.rank ? other : best))
  if (rival.rank === rank(log)) throw bothNamed(rival.name, log)
  return rival.rank > rank(log)
}

function bothNamed(name: string, place: Place): ExpectedError {
  return new ExpectedError(
    `the log cannot be embedded and on Kafka at once: --log and --${name} are both given in ${place}`,
    ['one of them alone'],
    EXIT.usage,
  )
}

function placeOf(name: KafkaFlag | 'log', parsed: ParsedKafkaFlags, env: Surroundings['env']): Place | undefined {
  const { flags, raw, metadata } = parsed
  if (raw.some(({ type, flag }) => type === 'flag' && flag === name)) return 'the arguments'
  if (name === 'bootstrap-server' && (env.KAFKA_BOOTSTRAP_SERVER || env.KAFKA_BOOTSTRAP_SERVERS))
    return 'the environment'
  if (flags[name] === undefined) return undefined
  return metadata.flags[name]?.setFromDefault ? 'the config file' : 'the environment'
}

function valuesFrom(parsed: ParsedKafkaFlags, place: Place): KafkaFlagValues {
  const names = NAMES.filter((name) => placeOf(name, parsed, {}) === place)
  return Object.fromEntries(names.map((name) => [name, parsed.flags[name]])) as KafkaFlagValues
}
