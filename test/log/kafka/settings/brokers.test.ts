import { describe, expect, it } from 'vitest'
import { errorOf, settingsOf } from './resolved.js'

describe('brokers', () => {
  it.each([
    ['localhost:9092', ['localhost:9092']],
    [' a:1 ,b.example:65535, ', ['a:1', 'b.example:65535']],
    ['10.0.0.1:9092,k_1-x:2', ['10.0.0.1:9092', 'k_1-x:2']],
  ])('are read from %j', async (list, brokers) => {
    expect((await settingsOf({ flags: { 'bootstrap-server': list } })).brokers).toEqual(brokers)
  })

  it.each([
    ['localhost', "--bootstrap-server: 'localhost' names no port", 'localhost:9092'],
    ['a:1,b', "--bootstrap-server: 'b' names no port", 'b:9092'],
    ['kafka://b:9093', '--bootstrap-server: a broker is written without kafka://', 'b:9093'],
    ['SASL_SSL://b', '--bootstrap-server: a broker is written without SASL_SSL://', 'b:9092'],
    ['http://me:pw@b:1/x', '--bootstrap-server: a broker is written without http://', 'b:1'],
    ['me:pw@b:1', '--bootstrap-server: a broker is written without a user', 'b:1'],
    ['b:x', "--bootstrap-server: 'x' in 'b:x' is not a port, a number up to 65535", 'b:9092'],
    ['b:0', "--bootstrap-server: '0' in 'b:0' is not a port, a number up to 65535", 'b:9092'],
    ['b:65536', "--bootstrap-server: '65536' in 'b:65536' is not a port, a number up to 65535", 'b:9092'],
    ['b:', "--bootstrap-server: '' in 'b:' is not a port, a number up to 65535", 'b:9092'],
    [
      'a:1 b:2',
      "--bootstrap-server: 'a:1 b:2' is not HOST:PORT",
      'brokers separated by commas, without blanks or paths',
    ],
    [
      '[::1]:9092',
      "--bootstrap-server: '[::1]:9092' is an IPv6 address, which cannot be given",
      'a host name that stands for it',
    ],
    ['b:1/x', "--bootstrap-server: 'b:1/x' is not HOST:PORT", 'brokers separated by commas, without blanks or paths'],
    ['b/x', "--bootstrap-server: 'b/x' is not HOST:PORT", 'brokers separated by commas, without blanks or paths'],
    [' , ', '--bootstrap-server: no broker stands there', 'broker.example:9092'],
  ])('are not read from %j', async (list, message, suggestion) => {
    const error = await errorOf({ flags: { 'bootstrap-server': list } })
    expect(error).toEqual({ message, suggestions: [suggestion], exit: 2 })
  })

  it('are named by where they stand', async () => {
    expect((await errorOf({ env: { KAFKA_BOOTSTRAP_SERVERS: 'a' } })).message).toContain('KAFKA_BOOTSTRAP_SERVERS: ')
    expect((await errorOf({ env: { KAFKA_BOOTSTRAP_SERVER: 'a' } })).message).toContain('KAFKA_BOOTSTRAP_SERVER: ')
    const file = '# brokers\nmetadata.broker.list=a'
    expect((await errorOf({ file })).message).toBe("client.properties:2: metadata.broker.list: 'a' names no port")
  })
})
