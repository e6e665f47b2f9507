import { readFile } from 'node:fs/promises'
import { Flags } from '@oclif/core'
import { EXIT, ExpectedError } from '../errors.js'
import type { KafkaSettings } from '../log/kafka/kafka-settings.js'
import type { KafkaFlagValues } from '../log/kafka/settings/resolve.js'
import type { Origin } from './config/origin.js'
import { placeInWords } from './config/place.js'

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

/** Environment variables that name brokers; the flag's own counts more. */
export const BROKER_VARIABLES: readonly string[] = ['KAFKA_BOOTSTRAP_SERVER', 'KAFKA_BOOTSTRAP_SERVERS']

/** Kinds of origin; the first of these counts most. */
const KINDS: readonly Origin['kind'][] = ['flag', 'env', 'file']

/** Flags as they were read, and where each has its value from. */
export interface ReadFlags {
  flags: Readonly<Record<string, unknown>>
  originOf: (flag: string) => Origin
}

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  warn: (sentence: string) => void
}

/**
 * Which brokers a command is to use: of `--log` and `--bootstrap-server` (or a file that names brokers), the one that
 * stands where it counts more.
 * @returns undefined for the embedded log
 * @throws ExpectedError (exit code 2) where both stand in the same place, or where the settings are not right
 */
export async function kafkaSettingsOf(
  read: ReadFlags,
  { env, warn }: Surroundings,
): Promise<KafkaSettings | undefined> {
  if (isEmbedded(read, env)) return undefined
  const { resolveKafkaSettings } = await import('../log/kafka/settings/resolve.js')
  return resolveKafkaSettings({
    flags: valuesFrom(read, 'flag'),
    defaults: valuesFrom(read, 'file'),
    env,
    readFile: (path) => readFile(path, 'utf8'),
    warn,
  })
}

/** Of `--log` and the flags of brokers: those that have a value and are not used, because another counts more. */
export function unusedLogFlags(read: ReadFlags, env: Surroundings['env']): readonly string[] {
  if (isEmbedded(read, env)) return NAMES
  const namesBrokers = (['bootstrap-server', 'kafka-config'] as const).some((name) => originWith(name, read, env))
  return namesBrokers ? ['log'] : []
}

/** Whether `--log` stands where it counts more than what names brokers. */
function isEmbedded(read: ReadFlags, env: Surroundings['env']): boolean {
  const log = originWith('log', read, env)
  if (!log) return false
  const others = NAMES.map((name) => ({ name, rank: rankOf(originWith(name, read, env)) }))
  const rival = others.reduce((best, other) => (other.rank < best.rank ? other : best))
  if (rival.rank === rankOf(log)) throw bothNamed(rival.name, log)
  return rival.rank > rankOf(log)
}

/** The lower, the more it counts: arguments, the environment, then the sections of files in their order. */
function rankOf(origin: Origin | undefined): number {
  if (!origin) return Number.POSITIVE_INFINITY
  return origin.kind === 'file' ? KINDS.indexOf('file') + origin.rank : KINDS.indexOf(origin.kind)
}

function bothNamed(name: string, origin: Origin): ExpectedError {
  const places = { flag: 'the arguments', env: 'the environment', default: 'the defaults' }
  const place = origin.kind === 'file' ? placeInWords(origin.place) : places[origin.kind]
  return new ExpectedError(
    `the log cannot be embedded and on Kafka at once: --log and --${name} are both given in ${place}`,
    ['one of them alone'],
    EXIT.usage,
  )
}

/** @returns undefined where the flag has no value */
function originWith(
  name: KafkaFlag | 'log',
  { flags, originOf }: ReadFlags,
  env: Surroundings['env'],
): Origin | undefined {
  const origin = originOf(name)
  if (origin.kind === 'flag') return origin
  const variable = name === 'bootstrap-server' ? BROKER_VARIABLES.find((one) => env[one]) : undefined
  if (variable) return { kind: 'env', variable }
  return flags[name] === undefined ? undefined : origin
}

function valuesFrom({ flags, originOf }: ReadFlags, kind: Origin['kind']): KafkaFlagValues {
  const names = NAMES.filter((name) => originOf(name).kind === kind)
  return Object.fromEntries(names.map((name) => [name, flags[name]])) as KafkaFlagValues
}
