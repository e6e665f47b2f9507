import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ExpectedError } from '../../../../src/errors.js'
import { createTokenSource, type TokenOptions } from '../../../../src/log/kafka/settings/oauth-token.js'
import { json, tokenServer } from './token-server.js'

const SECRET = 'se cret:%+"ü'

const source = (url: string, options: TokenOptions = {}) =>
  createTokenSource(
    { kind: 'endpoint', url, clientId: 'me', clientSecret: SECRET, scope: 'kafka read' },
    { pausesMs: [], ...options },
  )

async function failure(promise: Promise<unknown>): Promise<ExpectedError> {
  const error = await promise.then(
    (value) => new Error(`no error, but ${value}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ExpectedError)) throw error
  const basic = Buffer.from(`me:${SECRET}`).toString('base64')
  for (const secret of [SECRET, basic]) expect(inspect(error) + JSON.stringify(error)).not.toContain(secret)
  return error
}

describe('a source of tokens', () => {
  it('asks as the client credentials grant says', async () => {
    const { url, asked } = await tokenServer((response) => json(response, 200, { access_token: 'one', expires_in: 60 }))
    expect(await source(url)()).toBe('one')
    expect(asked).toEqual([
      {
        method: 'POST',
        authorization: `Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}`,
        contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
        body: 'grant_type=client_credentials&scope=kafka+read',
      },
    ])
  })

  it('keeps a token for most of its life, then asks again', async () => {
    const { url } = await tokenServer((response, count) =>
      json(response, 200, { access_token: `token-${count}`, expires_in: 100 }),
    )
    let now = 1_000_000
    const token = source(url, { now: () => now })
    expect(await token()).toBe('token-1')
    now += 79_999
    expect(await token()).toBe('token-1')
    now += 1
    expect(await token()).toBe('token-2')
  })

  it('knows the life of a JWT from itself', async () => {
    const now = 1_700_000_000_000
    const claims = Buffer.from(JSON.stringify({ exp: now / 1000 + 100 })).toString('base64url')
    const { url, asked } = await tokenServer((response) => json(response, 200, { access_token: `e30.${claims}.sig` }))
    let passedMs = 0
    const token = source(url, { now: () => now + passedMs })
    await token()
    passedMs = 79_999
    await token()
    expect(asked).toHaveLength(1)
    passedMs = 80_000
    await token()
    expect(asked).toHaveLength(2)
  })

  it('asks each time where nothing says how long a token lives', async () => {
    const { url, asked } = await tokenServer((response) => json(response, 200, { access_token: 'opaque' }))
    const token = source(url)
    await token()
    await token()
    expect(asked).toHaveLength(2)
  })

  it('asks once for calls at the same time', async () => {
    const { url, asked } = await tokenServer((response) => json(response, 200, { access_token: 'one', expires_in: 60 }))
    const token = source(url)
    expect(await Promise.all([token(), token(), token()])).toEqual(['one', 'one', 'one'])
    expect(asked).toHaveLength(1)
  })

  it('asks again where that may help, and after a failure', async () => {
    const { url, asked } = await tokenServer((response, count) => {
      if (count === 1) response.writeHead(503).end()
      else if (count === 2) response.destroy()
      else if (count === 3) json(response, 401, {})
      else json(response, 200, { access_token: 'four', expires_in: 60 })
    })
    const token = source(url, { pausesMs: [1, 1, 1] })
    expect((await failure(token())).message).toContain('it answered 401')
    expect(asked).toHaveLength(3)
    expect(await token()).toBe('four')
  })

  it.each([
    [401, { error: 'invalid_client' }, '401, invalid_client', 'sasl.oauthbearer.client.id and'],
    [400, { error: 'invalid_scope' }, '400, invalid_scope', 'sasl.oauthbearer.scope must'],
    [400, { error: SECRET, error_description: SECRET }, '400', 'sasl.oauthbearer.token.endpoint.url must'],
    [404, 'no such page', '404', 'sasl.oauthbearer.token.endpoint.url must'],
    [302, {}, '302', 'sasl.oauthbearer.token.endpoint.url must'],
    [500, { error: SECRET }, '500', 'again later'],
  ])('says that it answered %i %j', async (status, body, told, suggestion) => {
    const { url } = await tokenServer((response) => json(response.setHeader('location', '/other'), status, body))
    const { message, suggestions } = await failure(source(`${url}?key=hidden`)())
    expect(message).toBe(`no token from ${url}: it answered ${told}`)
    expect(suggestions[0]).toContain(suggestion)
  })

  it.each([
    ['nothing', ''],
    ['no JSON', `<html>${SECRET}</html>`],
    ['JSON of another kind', '[]'],
    ['null', 'null'],
    ['no token', '{"token_type":"bearer"}'],
    ['a token that is no text', '{"access_token":7}'],
    ['a token that would break the request', '{"access_token":"a\\u0001b"}'],
    ['more than any token', `{"access_token":"${'a'.repeat(1 << 20)}"}`],
  ])('says that it answered rubbish: %s', async (_, text) => {
    const { url } = await tokenServer((response) => response.end(text))
    expect((await failure(source(url)())).message).toBe(`no token from ${url}: its answer holds no access_token`)
  })

  it('does not wait for ever, before or within an answer', async () => {
    const silent = await tokenServer(() => {})
    const { message } = await failure(source(silent.url, { timeoutMs: 50 })())
    expect(message).toBe(`no token from ${silent.url}: no answer within 0.05 s`)
    const stalling = await tokenServer((response) => void response.write('{"access_token":'))
    expect((await failure(source(stalling.url, { timeoutMs: 50 })())).message).toContain('no answer within 0.05 s')
  })

  it('says that nobody is there, and that what is there does not speak HTTPS', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => {}).end('rubbish\n', () => socket.destroy()),
    ).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const spoken = await failure(source(`https://127.0.0.1:${port}/`)())
    expect(spoken.message).toContain(`no token from https://127.0.0.1:${port}/: it cannot be reached (`)
    server.close()
    await once(server, 'close')
    const { message } = await failure(source(`http://127.0.0.1:${port}/`)())
    expect(message).toBe(`no token from http://127.0.0.1:${port}/: it cannot be reached (ECONNREFUSED)`)
  })
})
