import { describe, expect, it } from 'vitest'
import { errorOf, outcomeOf, settingsOf } from './resolved.js'

const SERVER = 'bootstrap.servers=b:1\n'

describe('the places of a property', () => {
  it('is none where no broker is named', async () => {
    expect(await outcomeOf({})).toEqual({ settings: undefined, warnings: [] })
    expect(await outcomeOf({ env: { KAFKA_BOOTSTRAP_SERVER: '', KAFKA_SASL_PASSWORD: 'x' } })).toMatchObject({
      settings: undefined,
    })
  })

  it('needs no more than a broker', async () => {
    const settings = await settingsOf({ flags: { 'bootstrap-server': 'a:9092, b:9093' } })
    expect(settings).toEqual({ brokers: ['a:9092', 'b:9093'], clientId: 'dtstream' })
  })

  it('takes flags before the environment, that before the file, and that before defaults', async () => {
    const flags = { 'bootstrap-server': 'flag:1', 'kafka-property': ['bootstrap.servers=property:1'] }
    const env = { KAFKA_BOOTSTRAP_SERVER: 'env:1', KAFKA_BOOTSTRAP_SERVERS: 'envs:1' }
    const file = 'bootstrap.servers=file:1'
    const defaults = { 'bootstrap-server': 'default:1' }
    const brokers = async (given: Parameters<typeof settingsOf>[0]) => (await settingsOf(given)).brokers
    expect(await brokers({ flags, env, file, defaults })).toEqual(['flag:1'])
    const property = { 'kafka-property': flags['kafka-property'] }
    expect(await brokers({ flags: property, env, file, defaults })).toEqual(['property:1'])
    expect(await brokers({ env, file, defaults })).toEqual(['env:1'])
    expect(await brokers({ env: { KAFKA_BOOTSTRAP_SERVERS: 'envs:1' }, file, defaults })).toEqual(['envs:1'])
    expect(await brokers({ file, defaults })).toEqual(['file:1'])
    expect(await brokers({ file: '', defaults })).toEqual(['default:1'])
  })

  it('takes the file that a flag names before those of environment and defaults', async () => {
    const files = { one: 'bootstrap.servers=one:1', two: 'bootstrap.servers=two:1', three: 'bootstrap.servers=three:1' }
    const [flags, defaults] = [{ 'kafka-config': 'one' }, { 'kafka-config': 'three' }]
    const env = { DTSTREAM_KAFKA_CONFIG: 'two' }
    expect((await settingsOf({ files, flags, env, defaults })).brokers).toEqual(['one:1'])
    expect((await settingsOf({ files, env, defaults })).brokers).toEqual(['two:1'])
    expect((await settingsOf({ files, defaults })).brokers).toEqual(['three:1'])
  })

  it('mixes places property by property', async () => {
    const settings = await settingsOf({
      flags: { 'kafka-property': ['sasl.mechanisms=SCRAM-SHA-512'] },
      env: { KAFKA_SASL_PASSWORD: 'from env' },
      file: `${SERVER}security.protocol=sasl_ssl\nsasl.mechanism=PLAIN\nsasl.username=file\nsasl.password=file\n`,
    })
    expect(settings.sasl).toEqual({ mechanism: 'scram-sha-512', username: 'file', password: 'from env' })
  })

  it('takes the environment before the login module of the file', async () => {
    const jaas = 'a.b.PlainLoginModule required username="file" password="file";'
    const settings = await settingsOf({
      env: { KAFKA_SASL_USERNAME: 'env', KAFKA_SASL_PASSWORD: 'env2' },
      file: `${SERVER}security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=${jaas}`,
    })
    expect(settings.sasl).toEqual({ mechanism: 'plain', username: 'env', password: 'env2' })
  })

  it('asks for a broker where a file says only the rest', async () => {
    expect(await errorOf({ file: 'client.id=x' })).toEqual({
      message: 'client.properties says how brokers are reached, but no broker is named',
      suggestions: [
        'bootstrap.servers=HOST:PORT in that file',
        '--bootstrap-server HOST:PORT',
        '--log DIR, where the embedded log is meant',
      ],
      exit: 2,
    })
  })

  it('says that a file is not there', async () => {
    const { message } = await errorOf({ flags: { 'kafka-config': 'nowhere.properties' } })
    expect(message).toBe('--kafka-config nowhere.properties: it cannot be read: there is no such file')
  })
})

describe('a properties file', () => {
  it.each([
    ['both separators, blanks, comments', '# c\n! c\n  bootstrap.servers : b:1  \n\n client.id = me \n'],
    ['line ends of Windows and a byte order mark', '\uFEFFbootstrap.servers=b:1\r\nclient.id=me\r\n'],
    ['values over several lines of Windows', 'bootstrap.servers=\\\r\n   b:1\r\nclient.id=m\\\r\n  e\r\n'],
    ['values over several lines', 'bootstrap.servers=\\\n   b:1\nclient.id=m\\\n  e\n'],
    ['escapes', 'bootstrap.servers=b\\:1\nclient.id=\\u006de'],
    ['the last of several', 'bootstrap.servers=c:1\nclient.id=you\nmetadata.broker.list=b:1\nclient.id=me'],
    ['what other clients need', `${SERVER}client.id=me\nacks=all\nlinger.ms=5\ngroup.id=g\nssl.truststore.type=JKS`],
  ])('has Java syntax: %s', async (_, file) => {
    const outcome = await outcomeOf({ file })
    expect(outcome).toEqual({ settings: { brokers: ['b:1'], clientId: 'me' }, warnings: [] })
  })

  it('passes over what it does not know, and says so', async () => {
    const file = `${SERVER}schema.registry.url=http://x\nacks=1\nssl.cipher.suites=ABC`
    const { settings, warnings } = await outcomeOf({ file })
    expect(settings?.brokers).toEqual(['b:1'])
    expect(warnings).toEqual([
      'client.properties: passed over, as dtstream does not know them: schema.registry.url, ssl.cipher.suites',
    ])
  })

  it('warns of a backslash that a password loses', async () => {
    const warning = 'a backslash that is not doubled does not count, as in Java: write \\\\ for each'
    const warnings = async (value: string) => (await outcomeOf({ file: `${SERVER}sasl.password=${value}\n` })).warnings
    const places = [`client.properties:2: sasl.password: ${warning}`]
    expect(await warnings('a\\b')).toEqual(places)
    expect(await warnings('a\\\\\\n')).toEqual(places)
    expect(await warnings('a\\\\b')).toEqual([])
    expect(await warnings('a\\\n  b\\u0041')).toEqual([])
  })

  it.each([
    ['bootstrap.server=b:1', 'client.properties:1: bootstrap.server: there is no such property', 'bootstrap.servers'],
    ['\n\nsasl.pasword=x', 'client.properties:3: sasl.pasword: there is no such property', 'sasl.password'],
    ['security_protocol=SSL', 'client.properties:1: security_protocol: there is no such property', 'security.protocol'],
  ])('does not take %j', async (file, message, near) => {
    expect(await errorOf({ file })).toEqual({ message, suggestions: [near], exit: 2 })
  })

  it.each(['MIIBmzCCAUGg+AwIB/x=', 'some words', 'eyJh.eyJz.sig', 'abc.def'])(
    'does not repeat a line that is no property: %s',
    async (line) => {
      const { message } = await errorOf({ file: `${SERVER}${line}\n` })
      expect(message).toBe("client.properties:2: a property's name and = belong there")
    },
  )
})

describe('--kafka-property', () => {
  const flags = (...properties: string[]) => ({ 'bootstrap-server': 'b:1', 'kafka-property': properties })

  it('gives what a file gives', async () => {
    const { settings, warnings } = await outcomeOf({
      flags: flags('client.id=a=b', 'acks=all', 'security.protocol=SSL'),
    })
    expect(settings).toEqual({ brokers: ['b:1'], clientId: 'a=b', tls: { verifyHost: true } })
    expect(warnings).toEqual([])
  })

  it.each([
    'sasl.password',
    'sasl.jaas.config',
    'sasl.oauthbearer.token',
    'sasl.oauthbearer.client.credentials.client.secret',
    'ssl.key.password',
    'ssl.key.pem',
    'ssl.keystore.key',
    'ssl.keystore.password',
  ])('takes no secret: %s', async (name) => {
    const { message, suggestions } = await errorOf({ flags: flags(`${name}=hunter2`) })
    expect(message).toBe(`${name} may hold a secret, which others could read in an argument`)
    expect(suggestions[1]).toBe(`KAFKA_${name.toUpperCase().replaceAll('.', '_')} in the environment`)
  })

  it.each([
    ['client.id', '--kafka-property is not of the form NAME=VALUE'],
    ['=x', '--kafka-property is not of the form NAME=VALUE'],
    ['clientid=x', '--kafka-property is not of the form NAME=VALUE'],
    ['client.idd=x', '--kafka-property client.idd: there is no such property'],
    ['what.is.this=x', '--kafka-property what.is.this: dtstream knows no such property'],
  ])('does not take %s', async (argument, message) => {
    expect((await errorOf({ flags: flags(argument) })).message).toBe(message)
  })
})
