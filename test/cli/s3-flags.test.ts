import { describe, expect, it } from 'vitest'
import { type ParsedS3Flags, s3SettingsOf } from '../../src/cli/s3-flags.js'
import { EXIT } from '../../src/errors.js'

const NOTHING: ParsedS3Flags = { flags: {}, metadata: { flags: {} } }
const fromArguments = (flags: Record<string, unknown>): ParsedS3Flags => ({ flags, metadata: { flags: {} } })
const fromFile = (flags: Record<string, unknown>): ParsedS3Flags => ({
  flags,
  metadata: { flags: Object.fromEntries(Object.keys(flags).map((name) => [name, { setFromDefault: true }])) },
})
const ENV = {
  AWS_REGION: 'env-region',
  AWS_CA_BUNDLE: '/env.pem',
  AWS_ENDPOINT_URL: 'http://env:1',
  AWS_PROFILE: 'of-env',
}
const ALL = {
  'endpoint-url': 'http://flag:1',
  region: 'flag-region',
  'aws-profile': 'of-flag',
  'ca-bundle': '/flag.pem',
  'no-sign-request': true,
}
const ALL_SET = {
  endpoint: 'http://flag:1',
  region: 'flag-region',
  profile: 'of-flag',
  caBundle: '/flag.pem',
  anonymous: true,
}

describe('how S3 is reached', () => {
  it('is left to the SDK where nothing is said', () => {
    expect(s3SettingsOf(NOTHING, {})).toEqual({})
  })

  it('is told by the arguments, whatever the environment says', () => {
    expect(s3SettingsOf(fromArguments(ALL), ENV)).toEqual(ALL_SET)
  })

  it('is told by the environment before the config file; what the SDK reads there itself is left to it', () => {
    const { 'no-sign-request': _, ...values } = ALL
    expect(s3SettingsOf(fromFile(values), ENV)).toEqual({ region: 'env-region', caBundle: '/env.pem' })
    expect(s3SettingsOf(fromFile(ALL), {})).toEqual(ALL_SET)
  })

  it.each([
    [{ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, { region: 'a' }],
    [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'b' }, { region: 'b' }],
    [{ AWS_MAX_ATTEMPTS: '3' }, { attempts: 3 }],
    [{ AWS_CA_BUNDLE: '' }, {}],
  ])('takes of the environment %j', (env, settings) => {
    expect(s3SettingsOf(NOTHING, env)).toEqual(settings)
  })

  it.each(['0', '-1', 'many', '1.5', '99999'])('refuses %s attempts', (AWS_MAX_ATTEMPTS) => {
    expect(() => s3SettingsOf(NOTHING, { AWS_MAX_ATTEMPTS })).toThrow(
      expect.objectContaining({ name: 'ExpectedError', exit: EXIT.usage }),
    )
  })
})
