import { expect, it } from 'vitest'
import { parseUri } from '../src/uri.js'

it.each(['s3://user:hidden@bucket/key', 's3://:hidden@bucket', 'postgres://me:hid@den@host/db'])(
  'refuses a password, and does not repeat it: %s',
  (text) => {
    const said = () => parseUri(text)
    expect(said).toThrow(/^a password stands in the (s3|postgres): URI/)
    expect(said).not.toThrow(/hid/)
  },
)

it.each(['s3://bucket/a:b@c', 'postgres://me@host/db', 'file:a:b@c', 'a:b@c'])(
  'takes %s, where no password is',
  (text) => {
    expect(parseUri(text).text).toBe(text)
  },
)
