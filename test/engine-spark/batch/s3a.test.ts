import { describe, expect, it } from 'vitest'
import { EXIT } from '../../../src/errors.js'
import { s3aConf } from '../../../src/spark/batch/s3a.js'

describe('how Spark is told to reach S3', () => {
  it('is as Hadoop has it where nothing is set', () => {
    expect(s3aConf({}, {})).toEqual({})
  })

  it('is a store of its own by its endpoint, also one of the environment', () => {
    const conf = {
      'fs.s3a.endpoint': 'http://store:9000',
      'fs.s3a.endpoint.region': 'us-east-1',
      'fs.s3a.path.style.access': 'true',
      'fs.s3a.connection.ssl.enabled': 'false',
    }
    expect(s3aConf({ endpoint: 'http://store:9000' }, { AWS_ENDPOINT_URL: 'https://other' })).toEqual(conf)
    expect(s3aConf({}, { AWS_ENDPOINT_URL_S3: 'http://store:9000', AWS_ENDPOINT_URL: 'https://other' })).toEqual(conf)
    expect(s3aConf({ endpoint: 'https://store', region: 'x' }, {})).toMatchObject({
      'fs.s3a.endpoint.region': 'x',
      'fs.s3a.connection.ssl.enabled': 'true',
    })
  })

  it('is by region, without signatures, and with attempts', () => {
    expect(s3aConf({ region: 'eu-west-1', anonymous: true, attempts: 3 }, {})).toEqual({
      'fs.s3a.endpoint.region': 'eu-west-1',
      'fs.s3a.aws.credentials.provider': 'org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider',
      'fs.s3a.attempts.maximum': '3',
    })
  })

  it.each([{ profile: 'lab' }, { caBundle: 'ca.pem' }])('is not what only this machine has: %o', (settings) => {
    expect(() => s3aConf(settings, {})).toThrow(expect.objectContaining({ name: 'ExpectedError', exit: EXIT.usage }))
  })

  it('holds no password', () => {
    expect(() => s3aConf({ endpoint: 'http://me:secret@store' }, {})).toThrow(/without user name and password/)
  })
})
