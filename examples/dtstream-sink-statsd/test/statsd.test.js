import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { sinkConformance } from 'dtstream/conformance'
import { sinks } from '../index.js'
import { StatsdServer } from './statsd-server.js'

const [spec] = sinks
/** @type {StatsdServer[]} */
const servers = []
after(() => Promise.all(servers.map((server) => server.stop())))

async function startServer() {
  const server = new StatsdServer()
  await server.listen()
  servers.push(server)
  return server
}

/** What every sink must do. StatsD keeps nothing but counts, so it is asked how many results there were. */
sinkConformance(
  'statsd',
  async () => {
    const server = await startServer()
    return {
      uri: `statsd://127.0.0.1:${server.port}`,
      spec,
      received: async () => (await server.settled()).get('dtstream.results') ?? 0,
    }
  },
  { describe, it },
)

describe('the sink statsd', () => {
  /** @param {string} path */
  const open = (path, options = {}) =>
    spec.open(
      { text: `statsd://${path}`, path, options: new URLSearchParams(options) },
      { log: () => Promise.reject(new Error('no log')), stdout: process.stdout, group: 'test' },
    )

  it('sends the counts of rows and hits', async () => {
    const server = await startServer()
    const sink = await open(`127.0.0.1:${server.port}`, { prefix: 'lab.run7' })
    await sink.write(RESULT)
    await sink.write(RESULT)
    await sink.close()
    const counts = await server.settled()
    assert.equal(counts.get('lab.run7.rows.read'), 20)
    assert.equal(counts.get('lab.run7.rows.malformed'), 2)
    assert.equal(counts.get('lab.run7.hits.chamber3'), 8)
  })

  it('says that a failure may pass, and goes on when the server is back', async () => {
    const first = await startServer()
    const { port } = first
    const sink = await open(`127.0.0.1:${port}`)
    await sink.write(RESULT)
    await first.stop()
    // until the end of the connection has been seen, the system takes what is written
    const failure = await failureOf(sink)
    assert.equal(failure.name, 'ExpectedError')
    assert.ok('transient' in failure && failure.transient)
    const second = new StatsdServer()
    servers.push(second)
    await second.listen(port)
    await sink.write(RESULT)
    await sink.close()
    assert.equal((await second.settled()).get('dtstream.results'), 1)
  })

  for (const [path, options, message] of /** @type {const} */ ([
    ['', {}, /names no server$/],
    ['host:port', {}, /names no server$/],
    ['127.0.0.1', { prefix: 'a b' }, /is no beginning of a metric's name$/],
    ['127.0.0.1:9', {}, /ECONNREFUSED$/],
  ])) {
    it(`refuses statsd://${path} ${JSON.stringify(options)}`, () =>
      assert.rejects(open(path, options), { name: 'ExpectedError', message }))
  }
})

/** @param {import('dtstream/sink').Sink} sink */
async function failureOf(sink) {
  for (;;) {
    try {
      await sink.write(RESULT)
      await new Promise((resolve) => setTimeout(resolve, 5))
    } catch (error) {
      return /** @type {Error} */ (error)
    }
  }
}

/** As much of a result as this sink looks at. */
const RESULT = /** @type {import('dtstream/sink').Result} */ ({
  rows: { read: 10, hits: 7, scintillator: 1, ancillary: 1, unmapped: 0, malformed: 1, late: 0 },
  orbits: { first: 1, last: 3, count: 3, run: 0 },
  hit_count_chamber: [1, 2, 0, 4],
})
