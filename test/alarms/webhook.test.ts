import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { webhook } from '../../src/alarms/webhook.js'
import { ExpectedError } from '../../src/errors.js'
import { raised } from './made-up.js'

let server: Server
let bodies: string[]
let status: number
beforeEach(async () => {
  bodies = []
  status = 200
  server = createServer(async (request, response) => {
    bodies.push(await text(request))
    response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end('ignored')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => server.close())

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/secret`
const never = new AbortController().signal

it('posts the events, and their words as a chat server shows them', async () => {
  await webhook(url())({ records: [raised(1), raised(2)], omitted: 3 }, never)
  expect(JSON.parse(bodies[0])).toEqual({
    text: [
      'raised: cell 1 of chamber 2 is dead: 0 hits where 31 are expected',
      'raised: cell 2 of chamber 2 is dead: 0 hits where 31 are expected',
      'and 3 more',
    ].join('\n'),
    alarms: [raised(1), raised(2)],
    omitted: 3,
  })
})

it.each([404, 500, 302])('fails at an answer of %d, without a word of the path', async (code) => {
  status = code
  const posted = webhook(url())({ records: [raised(1)], omitted: 0 }, never)
  await expect(posted).rejects.toThrow(/^127\.0\.0\.1:\d+ answers \d+$/)
})

it('fails where nobody listens', async () => {
  const gone = url()
  await new Promise((resolve) => server.close(resolve))
  const posted = webhook(gone)({ records: [raised(1)], omitted: 0 }, never)
  await expect(posted).rejects.toThrow(/^127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)$/)
})

it.each(['nonsense', 'ftp://host/', 'file:///etc/passwd'])('refuses %s, without repeating it', (text) => {
  expect(() => webhook(text)).toThrow(ExpectedError)
  expect(() => webhook(text)).toThrow(/^the webhook for alarms is no URL that begins with http/)
})
