import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeEndpoint, parseEndpoint } from '../../../src/spark/connect/endpoint.js'

const parse = (text: string, env = {}) => parseEndpoint(text, 'argument', env)

describe('a connection string', () => {
  it.each([
    ['sc://spark', { host: 'spark', port: 15_002, tls: false }],
    ['sc://spark:443/', { host: 'spark', port: 443, tls: false }],
    ['sc://spark.lab.example:15003/;use_ssl=true', { host: 'spark.lab.example', port: 15_003, tls: true }],
    ['sc://[::1]:15002/;user_id=shift%3Bcrew;use_ssl=false', { host: '::1', userId: 'shift;crew', tls: false }],
  ])('is taken apart: %s', (text, parts) => {
    expect(parse(text)).toMatchObject(parts)
  })

  it('is shown with its port, and without what is secret', () => {
    const endpoint = parseEndpoint('sc://[::1]/;token=hidden', 'environment', {})
    expect(endpoint.token).toBe('hidden')
    expect(describeEndpoint(endpoint)).toBe('[::1]:15002')
  })

  it.each([
    'spark:15002',
    'http://spark',
    'sc://',
    'sc://:15002',
    'sc://spark:port',
    'sc://spark:70000',
    'sc://spark:0',
    'sc://me@spark',
    'sc://spark/path',
    'sc://spark?x=1',
  ])('is refused where it is none: %s', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'ExpectedError', exit: 2 }))
  })

  it.each([
    ['sc://spark/;session=1', /'session'/],
    ['sc://spark/;use_ssl', /'use_ssl'/],
    ['sc://spark/;use_ssl=yes', /true or false, not 'yes'/],
    ['sc://spark/;user_id=%', /not encoded/],
  ])('is refused for a parameter: %s', (text, sentence) => {
    expect(() => parse(text)).toThrow(sentence)
  })

  it('either is taken apart or refused with a sentence, whatever it is', () => {
    const hostile = fc.oneof(fc.string(), fc.string({ unit: 'binary' })).map((text) => `sc://${text}`)
    fc.assert(
      fc.property(hostile, (text) => {
        try {
          expect(parse(text).port).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toMatchObject({ name: 'ExpectedError', exit: 2 })
        }
      }),
    )
  })
})

describe('a token', () => {
  it.each(['sc://spark/;token=hidden', 'sc://spark/;use_ssl=true;TOKEN=hidden', 'sc://spark?token=hidden'])(
    'is refused in an argument, and not repeated: %s',
    (text) => {
      const said = () => parse(text)
      expect(said).toThrow(/a token stands in the connection string/)
      expect(said).not.toThrow(/hidden/)
    },
  )

  it('is taken from the environment, and goes over TLS', () => {
    const expected = { token: 'hidden', tls: true }
    expect(parseEndpoint('sc://spark/;token=hidden', 'environment', {})).toMatchObject(expected)
    expect(parse('sc://spark', { DTSTREAM_SPARK_TOKEN: 'hidden' })).toMatchObject(expected)
  })

  it.each(['localhost', '127.0.0.1', '[::1]'])('needs no TLS on this machine: %s', (host) => {
    expect(parse(`sc://${host}`, { DTSTREAM_SPARK_TOKEN: 'hidden' }).tls).toBe(false)
  })

  it('is never sent in the clear', () => {
    expect(() => parse('sc://spark/;use_ssl=false', { DTSTREAM_SPARK_TOKEN: 'hidden' })).toThrow(/for all to read/)
  })
})
