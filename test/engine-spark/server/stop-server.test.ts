import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { identityOf } from '../../../src/log/embedded/process-identity.js'
import { stopServer } from '../../../src/spark/server/stop-server.js'

async function started(script: string) {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  return { child, identity: identityOf(child.pid ?? -1) }
}

it('ends a process with all of its group', async () => {
  const { child, identity } = await started('sleep 1000 & echo $!; wait')
  await stopServer(identity)
  expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGTERM')
})

it('leaves a process alone that has the pid of one that has ended', async () => {
  const { child, identity } = await started('echo ready; exec sleep 1000')
  await stopServer({ ...identity, started: 'before' })
  expect(child.exitCode).toBeNull()
  expect(child.signalCode).toBeNull()
  await stopServer(identity)
  await stopServer(identity)
})

it('says that a server of another machine is not stopped from here', async () => {
  await expect(stopServer({ pid: process.pid, place: 'elsewhere', started: '' })).rejects.toThrow(/on another machine/)
})
