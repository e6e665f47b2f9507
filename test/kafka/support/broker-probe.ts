import { connect } from 'node:net'

/** A Metadata request of version 1 for no topic: length, key 3, version, correlation, no client id, no topics. */
const REQUEST = Buffer.from([0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 7, 0xff, 0xff, 0, 0, 0, 0])

/** How many brokers the one at this place knows to be alive; 0 while it does not answer, which it does once it is unfenced. */
export function livingBrokers(host: string, port: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 })
    let answer = Buffer.alloc(0)
    const end = (count: number): void => {
      socket.destroy()
      resolve(count)
    }
    socket.on('connect', () => socket.write(REQUEST))
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      if (answer.length >= 12) end(answer.readInt32BE(8))
    })
    for (const event of ['error', 'timeout', 'close']) socket.on(event, () => end(0))
  })
}
