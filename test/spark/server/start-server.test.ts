import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasEnded } from '../../../src/log/embedded/process-identity.js'
import { sql } from '../../../src/spark/connect/relations.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { freePort } from '../../../src/spark/server/free-port.js'
import { type RunningServer, type ServerOptions, startServer } from '../../../src/spark/server/start-server.js'
import { stopServer } from '../../../src/spark/server/stop-server.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { testedSpark } from '../support/local-spark.js'
import { pidsOf } from '../support/running-programs.js'

/** Starts one in the running test, which ends it. */
async function start(of: Partial<ServerOptions> = {}): Promise<RunningServer & { logPath: string }> {
  const folder = await temporaryFolder()
  const conf = { 'spark.driver.memory': '1g', 'spark.sql.warehouse.dir': join(folder, 'warehouse'), ...of.conf }
  const logPath = join(folder, 'server.log')
  const server = await startServer({ home: testedSpark(), master: 'local[1]', logPath, ...of, conf })
  onTestFinished(() => server.stop())
  return { ...server, logPath }
}

async function refused(of: Partial<ServerOptions>): Promise<Error & { suggestions: string[] }> {
  return start(of).then(
    () => expect.unreachable(),
    (error) => error,
  )
}

describe('a server of ours', () => {
  it('answers with its conf, which is not in its arguments, until it is stopped by its identity', async () => {
    const conf = { 'spark.dtstream.secret': 'hidden = ü', 'spark.sql.shuffle.partitions': '3' }
    const server = await start({ conf })
    const session = new SparkSession(server.endpoint)
    expect(await session.getConf(Object.keys(conf))).toEqual(conf)
    expect(await session.collect(sql('SELECT 1 AS one'))).toEqual([{ one: 1 }])
    session.close()
    expect(pidsOf('SparkConnectServer', '--properties-file')).toContain(server.process.pid)
    expect(pidsOf('SparkConnectServer', 'hidden')).toEqual([])
    expect(statSync(server.logPath).mode & 0o777).toBe(0o600)
    expect(readFileSync(server.logPath, 'utf8')).not.toContain('hidden')

    // as another process does, which has read it
    await stopServer(JSON.parse(JSON.stringify(server.process)))
    expect(hasEnded(server.process)).toBe(true)
    await server.stop()
  })

  it('leaves no file with its conf', async () => {
    const server = await start()
    const path = /--properties-file (\S+)/.exec(
      readFileSync(`/proc/${server.process.pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
    )
    expect(path).not.toBeNull()
    expect(existsSync(String(path?.[1]))).toBe(false)
  })
})

describe('a server that cannot start', () => {
  it('says why, with the place of its log', async () => {
    const error = await refused({ master: 'nowhere' })
    expect(error.name).toBe('ExpectedError')
    expect(error.message).toMatch(/^Spark ended while it was starting: .*master/i)
    expect(error.suggestions).toEqual([expect.stringMatching(/^its log is .*server\.log$/)])
  })

  it('says that its conf is wrong', async () => {
    const error = await refused({ conf: { 'spark.driver.memory': 'much' } })
    expect(error.message).toMatch(/^Spark ended while it was starting: .*(much|memory|heap)/i)
  })

  it('takes nobody else for itself', async () => {
    const endpoint = { host: '127.0.0.1', port: await freePort(), tls: false, userId: 'tester' }
    const other = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => other.listen(endpoint.port, '127.0.0.1', resolve))
    onTestFinished(() => {
      other.close()
    })
    const error = await refused({ endpoint })
    expect(error.message).toMatch(new RegExp(`^somebody listens on port ${endpoint.port} already`))
  })

  it('leaves nothing when it is given up', async () => {
    const signal = AbortSignal.timeout(500)
    const before = pidsOf('SparkConnectServer')
    expect(await refused({ signal })).toBe(signal.reason)
    expect(pidsOf('SparkConnectServer')).toEqual(before)
  })
})
