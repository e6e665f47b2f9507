import { readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Cli } from '../../support/built-cli.js'
import { LocalKafka } from '../support/local-kafka.js'
import { expectRefusal, wideCli } from './refusal.js'

/** As long as a command may take to say that it was told wrongly: a second or two, but for a machine that is busy. */
const AT_ONCE_MS = 25_000
/** A broker that may yet come is waited for ten seconds. */
const AFTER_WAITING_MS = 45_000
const WRONG = 'not-the-password'

let plain: LocalKafka
let secure: LocalKafka
let cli: Cli
const servers: Server[] = []

beforeAll(async () => {
  plain = await LocalKafka.start()
  secure = await LocalKafka.start({ security: 'sasl_ssl' })
  cli = wideCli()
})
afterAll(async () => {
  for (const server of servers) server.close()
  cli?.dispose()
  await plain?.stop()
  await secure?.stop()
})

const LIST = ['topics', 'list']
const secrets = () => [WRONG, ...Object.values(secure.users)]

async function refuses(args: string[], sentence: string | RegExp, within = AT_ONCE_MS): Promise<void> {
  await expectRefusal(cli, [...LIST, ...args], { sentence, within, secrets: secrets() })
}

/** A properties file like a user's, with lines changed; an empty value takes one away. */
function properties(changes: Record<string, string>): string {
  const lines = readFileSync(secure.clientProperties('worker').librdkafka, 'utf8').trim().split('\n')
  const all = { ...Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2))), ...changes }
  const path = join(cli.folder, `${Math.random()}.properties`)
  const kept = Object.entries(all).filter(([, value]) => value !== '')
  writeFileSync(path, kept.map(([name, value]) => `${name}=${value}\n`).join(''))
  return path
}

async function listening(server: Server, host = '127.0.0.1'): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return `${host}:${(server.address() as AddressInfo).port}`
}

describe('where no broker is', () => {
  it('nothing listens: it is waited for, with a notice', async () => {
    const args = [...LIST, '--bootstrap-server', '127.0.0.1:1']
    const refusal = { sentence: 'could not reach a broker', within: AFTER_WAITING_MS }
    const { stderr } = await expectRefusal(cli, args, refusal)
    expect(stderr).toContain('waiting for Kafka, to reach a broker: nothing listens at 127.0.0.1:1')
  })

  it('there is no such host', () =>
    refuses(['--bootstrap-server', 'no-such-host.invalid:9092'], /host no-such-host.invalid|no-such-host.invalid:9092/))

  it('a web server listens', async () => {
    const where = await listening(createHttpServer((_, response) => response.end('hello')))
    await refuses(['--bootstrap-server', where], `${where} is a web server, not a Kafka broker`)
  })

  it('a server listens that speaks first, and otherwise', async () => {
    const where = await listening(createServer((socket) => socket.on('error', () => {}).write('220 mail ready\r\n')))
    await refuses(['--bootstrap-server', where], `${where} does not speak as a Kafka broker`)
  })

  it('something listens that never answers: it is waited for', async () => {
    const where = await listening(createServer((socket) => socket.on('error', () => {}).resume()))
    await refuses(['--bootstrap-server', where], `${where} does not answer`, AFTER_WAITING_MS)
  })

  it('a controller listens', async () => {
    const [, controller] = /CONTROLLER:\/\/([\d.:]+)/.exec(readFileSync(serverProperties(plain), 'utf8')) ?? []
    await refuses(['--bootstrap-server', controller], `${controller} is the port of a Kafka controller`)
  })

  it('one of several answers: that is enough', async () => {
    const servers = `127.0.0.1:1,no-such-host.invalid:9092,${plain.bootstrap}`
    const { code, stderr } = await cli.run(...LIST, '--bootstrap-server', servers)
    expect(code, stderr).toBe(0)
  })
})

describe('where the broker is spoken to in another manner', () => {
  it('without TLS', () => refuses(['--bootstrap-server', secure.bootstrap], 'speaks TLS, and was spoken to without'))

  it('with TLS', () => refuses(['--bootstrap-server', plain.bootstrap, '-X', 'security.protocol=SSL'], 'speaks no TLS'))

  it('without a user', () =>
    refuses(
      ['--bootstrap-server', secure.bootstrap, '-X', 'security.protocol=SSL', '-X', `ssl.ca.location=${secure.tls.ca}`],
      'wants a user, and none was named',
    ))

  it('with a user', () => {
    const changes = { 'security.protocol': 'SASL_PLAINTEXT', 'bootstrap.servers': plain.bootstrap }
    return refuses(['--kafka-config', properties(changes)], 'takes no users, and one was named')
  })

  it('not trusted', () =>
    refuses(['--kafka-config', properties({ 'ssl.ca.location': '' })], 'is signed by nobody that is trusted'))

  it('by another name than in its certificate', async () => {
    const port = Number(secure.bootstrap.split(':')[1])
    const forward = createServer((socket) => {
      pipeline(socket, connect(port, '127.0.0.1'), socket, () => {})
    })
    const where = await listening(forward, '127.0.0.2')
    await refuses(['--kafka-config', properties({ 'bootstrap.servers': where })], 'is for another host name')
  })

  it('without a certificate', async () => {
    const strict = await LocalKafka.start({ security: 'sasl_ssl', clientCertificates: true })
    onTestFinished(() => strict.stop())
    const config = readFileSync(strict.clientProperties('worker').librdkafka, 'utf8')
    const path = join(cli.folder, 'without-certificate.properties')
    writeFileSync(path, config.replaceAll(/^ssl\.(certificate|key).*\n/gm, ''))
    await refuses(['--kafka-config', path], /does not take us by TLS/)
  })
})

describe('where the user is wrong', () => {
  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-512', 'PLAIN'])('the password, by %s', (mechanism) =>
    refuses(
      ['--kafka-config', properties({ 'sasl.mechanism': mechanism, 'sasl.password': WRONG })],
      'the broker did not accept the credentials',
    ),
  )

  it('the token', async () => {
    const changes = { 'sasl.mechanism': 'OAUTHBEARER', 'sasl.username': '', 'sasl.password': '' }
    const path = properties({ ...changes, 'sasl.oauthbearer.token': WRONG })
    await refuses(['--kafka-config', path], 'the broker did not accept the token: invalid_token')
  })

  it('the endpoint that should give a token', async () => {
    const where = await listening(createHttpServer((_, response) => response.writeHead(401).end('{}')))
    const changes = { 'sasl.mechanism': 'OAUTHBEARER', 'sasl.username': '', 'sasl.password': '' }
    const path = properties({
      ...changes,
      'sasl.oauthbearer.token.endpoint.url': `http://${where}/token`,
      'sasl.oauthbearer.client.id': 'me',
      'sasl.oauthbearer.client.secret': WRONG,
    })
    await refuses(['--kafka-config', path], /token/)
  })
})

function serverProperties(kafka: LocalKafka): string {
  return kafka.nodes[0].log.replace(/\.log$/, '.properties')
}
