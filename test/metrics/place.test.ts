import { describe, expect, it } from 'vitest'
import { formatPlace } from '../../src/http/listen.js'
import { parsePlace } from '../../src/metrics/place.js'

describe('a place to serve metrics at', () => {
  it.each([
    ['9464', { host: '127.0.0.1', port: 9464 }, '127.0.0.1:9464'],
    [' 0 ', { host: '127.0.0.1', port: 0 }, '127.0.0.1:0'],
    ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }, '0.0.0.0:9464'],
    ['lab-7.example.org:80', { host: 'lab-7.example.org', port: 80 }, 'lab-7.example.org:80'],
    ['[::1]:65535', { host: '::1', port: 65_535 }, '[::1]:65535'],
  ])('%j', (text, place, written) => {
    expect(parsePlace(text)).toEqual(place)
    expect(formatPlace(place)).toBe(written)
  })

  it.each([
    '',
    ':9464',
    '::1:9464',
    '65536',
    '-1',
    '94.64',
    'localhost',
    'http://localhost:9464',
    'a b:1',
    '9464/metrics',
  ])('is not %j', (text) => {
    expect(() => parsePlace(text)).toThrow(
      expect.objectContaining({ message: `'${text}' is no port to serve metrics at`, exit: 2 }),
    )
  })
})
