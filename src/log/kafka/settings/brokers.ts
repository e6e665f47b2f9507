import { type Property, settingsError } from './properties.js'

const NAME_AND_PORT = /^([^\s:/@[\]]+):([^:]*)$/
const DEFAULT_PORT = 9092

/**
 * The brokers in a list such as `kafka-1:9092, kafka-2:9092`.
 * @throws ExpectedError that says how to write the one that is not right
 */
export function readBrokers({ value, where }: Property): string[] {
  const brokers = value
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '')
  if (brokers.length === 0) throw settingsError(`${where}: no broker stands there`, `broker.example:${DEFAULT_PORT}`)
  for (const broker of brokers) check(broker, where)
  return brokers
}

function check(broker: string, where: string): void {
  const url = /^([a-z][a-z0-9+_.-]*):\/\/(?:.*@)?([^/?#@]*)/i.exec(broker)
  if (url) throw settingsError(`${where}: a broker is written without ${url[1]}://`, withPort(url[2]))
  if (broker.includes('@')) throw settingsError(`${where}: a broker is written without a user`, withPort(broker))
  if (/[\s/]/.test(broker)) {
    throw settingsError(
      `${where}: '${broker}' is not HOST:PORT`,
      'brokers separated by commas, without blanks or paths',
    )
  }
  if (broker.startsWith('[') || broker.split(':').length > 2) {
    throw settingsError(
      `${where}: '${broker}' is an IPv6 address, which cannot be given`,
      'a host name that stands for it',
    )
  }
  const [, host, port] = NAME_AND_PORT.exec(broker) ?? []
  if (host === undefined) throw settingsError(`${where}: '${broker}' names no port`, withPort(broker))
  if (/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) return
  throw settingsError(`${where}: '${port}' in '${broker}' is not a port, a number up to 65535`, withPort(host))
}

/** As it might have been meant, for suggestions. */
function withPort(text: string): string {
  const host = text.replace(/^.*@/, '').replace(/^:/, '')
  return /:\d+$/.test(host) ? host : `${host.replace(/:.*$/, '') || 'broker.example'}:${DEFAULT_PORT}`
}
