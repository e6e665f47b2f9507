import { Flags } from '@oclif/core'
import { EXIT, ExpectedError } from '../errors.js'
import type { S3Settings } from '../s3/settings.js'

/** How S3 is reached, for commands that read or write there. No flag takes a secret: others on the machine can read arguments. */
export const s3Flags = {
  'endpoint-url': Flags.string({
    helpGroup: 'S3',
    helpValue: 'URL',
    description: "S3 store that is not Amazon's; also AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3",
  }),
  region: Flags.string({
    helpGroup: 'S3',
    helpValue: 'NAME',
    description: 'region of the bucket; also AWS_REGION, AWS_DEFAULT_REGION',
  }),
  'aws-profile': Flags.string({
    helpGroup: 'S3',
    helpValue: 'NAME',
    description: "profile of AWS's configuration files, instead of keys in the environment; also AWS_PROFILE",
  }),
  'no-sign-request': Flags.boolean({
    helpGroup: 'S3',
    description: 'do not sign requests: the bucket is open to all',
    exclusive: ['aws-profile'],
  }),
  'ca-bundle': Flags.string({
    helpGroup: 'S3',
    helpValue: 'FILE',
    description: 'certificates to trust beside the usual ones; also AWS_CA_BUNDLE',
  }),
}

/** Of the environment, as AWS's own command line knows them; the first that is set counts. */
export const S3_VARIABLES = {
  'endpoint-url': ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
  region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  'aws-profile': ['AWS_PROFILE'],
  'ca-bundle': ['AWS_CA_BUNDLE'],
} as const
type ValueFlag = keyof typeof S3_VARIABLES

/** These the SDK reads itself, and together with others: here they only come before the config file. */
const READ_BY_SDK: readonly ValueFlag[] = ['endpoint-url', 'aws-profile']

/** What oclif tells of the flags it has parsed, as far as it is asked here. */
export interface ParsedS3Flags {
  flags: Readonly<Record<string, unknown>>
  metadata: { flags: Record<string, { setFromDefault?: boolean } | undefined> }
}

/**
 * The settings of a command, of one that has none of the flags too: what is in the arguments counts most, then the environment, then the
 * config file.
 * @throws ExpectedError (exit code 2) where AWS_MAX_ATTEMPTS is no number
 */
export function s3SettingsOf(parsed: ParsedS3Flags, env: Readonly<Record<string, string | undefined>>): S3Settings {
  const value = (name: ValueFlag): string | undefined => {
    const flag = parsed.flags[name] as string | undefined
    if (flag !== undefined && !parsed.metadata.flags[name]?.setFromDefault) return flag
    const set = S3_VARIABLES[name].map((variable) => env[variable]).find(Boolean)
    if (set === undefined) return flag
    return READ_BY_SDK.includes(name) ? undefined : set
  }
  const settings = {
    endpoint: value('endpoint-url'),
    region: value('region'),
    profile: value('aws-profile'),
    caBundle: value('ca-bundle'),
    attempts: attemptsIn(env.AWS_MAX_ATTEMPTS),
    anonymous: parsed.flags['no-sign-request'] === true ? true : undefined,
  }
  return Object.fromEntries(Object.entries(settings).filter(([, setting]) => setting !== undefined))
}

function attemptsIn(text: string | undefined): number | undefined {
  if (!text) return undefined
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new ExpectedError(
    `AWS_MAX_ATTEMPTS is '${text}', which is no number of attempts`,
    ['10, or nothing'],
    EXIT.usage,
  )
}
