import { describe, expect, it } from 'vitest'
import { errorOf, type Given, outcomeOf, settingsOf } from './resolved.js'

const SASL_SSL = 'bootstrap.servers=b:1\nsecurity.protocol=SASL_SSL\n'
const TOKEN_URL = 'sasl.oauthbearer.token.endpoint.url=https://idp.example/token?x=1\n'

const endpoint = {
  kind: 'endpoint',
  url: 'https://idp.example/token?x=1',
  clientId: 'me',
  clientSecret: 'p"w;',
  scope: 'kafka',
}

describe('security.protocol', () => {
  it.each([
    ['PLAINTEXT', undefined],
    ['plaintext', undefined],
    ['SSL', { verifyHost: true }],
    ['ssl', { verifyHost: true }],
  ])('may be %s', async (protocol, tls) => {
    const { tls: read, sasl } = await settingsOf({ file: `bootstrap.servers=b:1\nsecurity.protocol=${protocol}` })
    expect({ read, sasl }).toEqual({ read: tls, sasl: undefined })
  })

  it('may not be another', async () => {
    expect(await errorOf({ file: 'bootstrap.servers=b:1\nsecurity.protocol=TLS' })).toEqual({
      message: "client.properties:2: security.protocol: 'TLS' is not one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL",
      suggestions: [],
      exit: 2,
    })
  })

  it('must be given beside a user or a certificate', async () => {
    const env = { KAFKA_BOOTSTRAP_SERVER: 'b:1', KAFKA_SASL_USERNAME: 'me' }
    const { message, suggestions } = await errorOf({ env })
    expect(message).toBe('KAFKA_SASL_USERNAME counts only with a security.protocol, and none is given')
    expect(suggestions[0]).toBe('security.protocol=SASL_SSL in the file that --kafka-config names')
    const tls = await errorOf({ file: 'bootstrap.servers=b:1\nssl.ca.location=x' })
    expect(tls.message).toContain('ssl.ca.location counts only with a security.protocol')
    expect(tls.suggestions[0]).toContain('security.protocol=SSL ')
  })

  it('leaves what it does not need aside', async () => {
    const file = 'bootstrap.servers=b:1\nsecurity.protocol=PLAINTEXT\nsasl.username=me\nssl.ca.location=nowhere'
    expect(await settingsOf({ file })).toEqual({ brokers: ['b:1'], clientId: 'dtstream' })
  })
})

describe('sasl', () => {
  it.each([
    ['librdkafka', 'sasl.mechanisms=PLAIN\nsasl.username=me\nsasl.password=p"w;', 'plain'],
    [
      'Java',
      'sasl.mechanism=PLAIN\nsasl.jaas.config=o.a.PlainLoginModule required username="me" password="p\\\\"w;";',
      'plain',
    ],
    ['any case', 'sasl.mechanism=scram-sha-256\nsasl.username=me\nsasl.password=p"w;', 'scram-sha-256'],
    [
      'Java over lines',
      `sasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
        username='me' \\
        password='p"w;' tokenauth=true ;`,
      'scram-sha-512',
    ],
  ])('reads a user as %s writes it', async (_, file, mechanism) => {
    const { sasl } = await settingsOf({ file: SASL_SSL + file })
    expect(sasl).toEqual({ mechanism, username: 'me', password: 'p"w;' })
  })

  it.each([
    [
      'librdkafka',
      'sasl.oauthbearer.method=oidc\nsasl.oauthbearer.client.id=me\nsasl.oauthbearer.client.secret=p"w;\nsasl.oauthbearer.scope=kafka',
    ],
    [
      'Java',
      'sasl.login.callback.handler.class=a.B\nsasl.jaas.config=o.OAuthBearerLoginModule required clientId="me" clientSecret=\'p"w;\' scope=kafka;',
    ],
    [
      'Java 4.1',
      'sasl.oauthbearer.client.credentials.client.id=me\nsasl.oauthbearer.client.credentials.client.secret=p"w;\nsasl.oauthbearer.scope=kafka',
    ],
  ])('reads an endpoint of tokens as %s writes it', async (_, file) => {
    const { settings, warnings } = await outcomeOf({
      file: `${SASL_SSL}sasl.mechanism=OAUTHBEARER\n${TOKEN_URL}${file}`,
    })
    expect(settings?.sasl).toEqual({ mechanism: 'oauthbearer', token: endpoint })
    expect(warnings).toEqual([])
  })

  it('reads a token, and extensions in both spellings', async () => {
    const env = { KAFKA_SASL_OAUTHBEARER_TOKEN: 'abc.def' }
    const extensions = { logicalCluster: 'lkc-1', identityPoolId: 'pool-2' }
    const token = { kind: 'static', token: 'abc.def', extensions }
    const librdkafka = 'sasl.oauthbearer.extensions=logicalCluster=lkc-1,identityPoolId=pool-2'
    const jaas = 'a.OAuthBearerLoginModule required extension_logicalCluster="lkc-1" extension_identityPoolId="pool-2";'
    for (const line of [librdkafka, `sasl.jaas.config=${jaas}`]) {
      const { sasl } = await settingsOf({ env, file: `${SASL_SSL}sasl.mechanism=OAUTHBEARER\n${line}` })
      expect(sasl).toEqual({ mechanism: 'oauthbearer', token })
    }
  })

  it.each([
    [
      'sasl.mechanism=PLAIN\nsasl.username=a\nsasl.password=b',
      'the password of PLAIN goes over the network unencrypted',
    ],
    ['sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token=t', 'the OAUTHBEARER token goes over the network unencrypted'],
  ])('warns of secrets on an open line', async (file, warning) => {
    const start = 'bootstrap.servers=b:1\nsecurity.protocol=SASL_PLAINTEXT\n'
    const { settings, warnings } = await outcomeOf({ file: start + file })
    expect(settings?.sasl).toBeDefined()
    expect(warnings).toEqual([`${warning}: security.protocol=SASL_SSL encrypts it`])
  })

  it('does not warn where SCRAM keeps the password', async () => {
    const user = 'sasl.mechanism=SCRAM-SHA-256\nsasl.username=a\nsasl.password=b'
    const { warnings } = await outcomeOf({ file: `bootstrap.servers=b:1\nsecurity.protocol=SASL_PLAINTEXT\n${user}` })
    expect(warnings).toEqual([])
  })

  it('warns of a client secret on an open line, but not to this machine', async () => {
    const warnings = async (url: string) => {
      const client = 'sasl.oauthbearer.client.id=a\nsasl.oauthbearer.client.secret=b\n'
      const address = `sasl.oauthbearer.token.endpoint.url=${url}`
      return (await outcomeOf({ file: `${SASL_SSL}sasl.mechanism=OAUTHBEARER\n${client}${address}` })).warnings
    }
    expect(await warnings('http://idp.example/token')).toHaveLength(1)
    expect(await warnings('http://localhost:8080/token')).toEqual([])
  })

  it.each<[string, string, string, Given['env']?]>([
    ['', 'client.properties:2: security.protocol needs a sasl.mechanism', 'KAFKA_SASL_MECHANISM in the environment'],
    [
      'sasl.mechanism=GSSAPI',
      "sasl.mechanism: 'GSSAPI' is not a mechanism that dtstream knows",
      'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER',
    ],
    [
      'sasl.mechanism=PLAIN',
      'client.properties:3: sasl.mechanism needs sasl.username beside it',
      'KAFKA_SASL_USERNAME in the environment',
    ],
    [
      'sasl.mechanism=PLAIN\nsasl.username=me',
      'client.properties:4: sasl.username needs sasl.password beside it',
      'KAFKA_SASL_PASSWORD in the environment',
    ],
    [
      'sasl.mechanism=PLAIN',
      'KAFKA_SASL_PASSWORD needs sasl.username beside it',
      'KAFKA_SASL_USERNAME in the environment',
      { KAFKA_SASL_PASSWORD: 'x' },
    ],
    [
      'sasl.mechanism=OAUTHBEARER',
      'sasl.mechanism needs sasl.oauthbearer.token.endpoint.url beside it',
      'KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL in the environment',
    ],
    [
      `sasl.mechanism=OAUTHBEARER\n${TOKEN_URL}`,
      'endpoint.url needs sasl.oauthbearer.client.id beside it',
      'KAFKA_SASL_OAUTHBEARER_CLIENT_ID in the environment',
    ],
    [
      `sasl.mechanism=OAUTHBEARER\n${TOKEN_URL}sasl.oauthbearer.client.id=a`,
      'needs sasl.oauthbearer.client.secret beside it',
      'KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET in the environment',
    ],
    [
      'sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.method=default',
      "'default' is not a method that dtstream knows",
      'oidc',
    ],
    [
      'sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token.endpoint.url=idp/token',
      'it is not an address',
      'https://login.example/oauth2/token',
    ],
    [
      'sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token.endpoint.url=https://a:b@idp/token',
      'an address without user and password belongs there',
      'sasl.oauthbearer.client.secret',
    ],
    [
      'sasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token=t\nsasl.oauthbearer.extensions=x',
      'it cannot be read as NAME=VALUE,NAME=VALUE',
      'logicalCluster=lkc-1',
    ],
    [
      'sasl.jaas.config=com.example.OtherLoginModule required a="b";',
      'client.properties:3: sasl.jaas.config: not a login module that dtstream knows',
      'org.apache.kafka.common.security.scram.ScramLoginModule required username="..." password="...";',
    ],
    [
      'sasl.jaas.config=a.PlainLoginModule required username="me;',
      'sasl.jaas.config: it cannot be read as MODULE required NAME="VALUE" ...;',
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="..." password="...";',
    ],
    [
      'sasl.jaas.config=a.PlainLoginModule required username = ;',
      'it cannot be read as MODULE required',
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="..." password="...";',
    ],
    [
      'sasl.jaas.config=a.PlainLoginModule required username="me" pass word="b";',
      'it cannot be read as MODULE required',
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="..." password="...";',
    ],
  ])('says what is wrong with %j', async (file, message, suggestion, env = {}) => {
    const error = await errorOf({ file: SASL_SSL + file, env })
    expect(error.message).toContain(message)
    expect(error.suggestions).toContain(suggestion)
    expect(error.exit).toBe(2)
  })
})
