import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { KafkaSettings, SaslSettings } from '../../../../src/log/kafka/kafka-settings.js'
import { kafkaClientConfig } from '../../../../src/log/kafka/settings/client-config.js'
import { concealed, describeSettings } from '../../../../src/log/kafka/settings/describe.js'
import { json, tokenServer } from './token-server.js'

const PLACE = { brokers: ['a:1', 'b:2'], clientId: 'me' }

describe('what kafkajs is told', () => {
  it('is no more than where brokers are, without TLS and SASL', () => {
    expect(kafkaClientConfig(PLACE)).toEqual(PLACE)
  })

  it('is TLS in the words of Node', () => {
    const tls = { ca: 'CA', certificate: 'C', key: 'K', keyPassword: 'P', verifyHost: true }
    expect(kafkaClientConfig({ ...PLACE, tls }).ssl).toEqual({ ca: 'CA', cert: 'C', key: 'K', passphrase: 'P' })
    expect(kafkaClientConfig({ ...PLACE, tls: { verifyHost: true } }).ssl).toEqual({})
  })

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('is a user: %s', (mechanism) => {
    const sasl: SaslSettings = { mechanism, username: 'u', password: 'p' }
    expect(kafkaClientConfig({ ...PLACE, sasl }).sasl).toEqual(sasl)
  })

  it('is a token with its extensions, given or fetched', async () => {
    const { url } = await tokenServer((response) => json(response, 200, { access_token: 'fetched', expires_in: 60 }))
    const extensions = { logicalCluster: 'lkc-1' }
    const given = { kind: 'static', token: 'given' } as const
    const fetched = { kind: 'endpoint', url, clientId: 'me', clientSecret: 's' } as const
    expect(await tokenOf({ mechanism: 'oauthbearer', token: given })).toEqual({ value: 'given' })
    expect(await tokenOf({ mechanism: 'oauthbearer', token: { ...given, extensions } })).toEqual({
      value: 'given',
      extensions,
    })
    expect(await tokenOf({ mechanism: 'oauthbearer', token: fetched })).toEqual({ value: 'fetched' })
  })
})

describe('what is shown of settings', () => {
  const settings: KafkaSettings = {
    ...PLACE,
    tls: { key: 'hidden-key', verifyHost: true },
    sasl: { mechanism: 'plain', username: 'u', password: 'hidden-password' },
  }

  it('is where the brokers are', () => {
    expect(describeSettings(settings)).toBe('Kafka at a:1, b:2')
  })

  it('is no secret, while another thread gets all', () => {
    const kept = concealed(settings)
    for (const shown of [inspect({ kept }, { depth: 9 }), JSON.stringify({ kept }), inspect({ ...kept }), `${kept}`]) {
      expect(shown).not.toContain('hidden')
    }
    expect(inspect(kept)).toContain('[concealed]')
    expect(structuredClone(kept)).toEqual(settings)
    expect(kept.sasl).toEqual(settings.sasl)
    expect(kafkaClientConfig(kept)).toEqual(kafkaClientConfig(settings))
  })
})

function tokenOf(sasl: SaslSettings): Promise<{ value: string }> {
  const config = kafkaClientConfig({ ...PLACE, sasl }).sasl
  if (!config || !('oauthBearerProvider' in config)) throw new Error('no provider')
  return config.oauthBearerProvider()
}
