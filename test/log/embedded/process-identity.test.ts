import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { hasEnded, ownIdentity, processState } from '../../../src/log/embedded/process-identity.js'

describe('the identity of a process', () => {
  it('is that of a running one while it runs', () => {
    expect(hasEnded(ownIdentity())).toBe(false)
    expect(ownIdentity().pid).toBe(process.pid)
    expect(processState(process.pid)).toBe('running')
  })

  it('has ended with the process', async () => {
    const child = spawn('sleep', ['100'])
    const identity = { ...ownIdentity(), pid: child.pid ?? 0, started: '' }
    expect(hasEnded(identity)).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(hasEnded(identity)).toBe(true)
    expect(processState(identity.pid)).toBe('gone')
  })

  it('has ended when the pid was given to another process', () => {
    expect(hasEnded({ ...ownIdentity(), started: 'before' })).toBe(process.platform === 'linux')
    expect(hasEnded({ ...ownIdentity(), started: '' })).toBe(false)
  })

  it('of another host is never known to have ended', () => {
    expect(hasEnded({ pid: 0x7ffffffe, place: 'elsewhere', started: '' })).toBe(false)
    expect(hasEnded({ ...ownIdentity(), pid: 0x7ffffffe })).toBe(true)
  })

  it('sees a process that was stopped, where there is /proc', async () => {
    const child = spawn('sleep', ['100'])
    child.kill('SIGSTOP')
    const wanted = process.platform === 'linux' ? 'stopped' : 'running'
    await vi.waitFor(() => expect(processState(child.pid ?? 0)).toBe(wanted))
    child.kill('SIGKILL')
    await once(child, 'close')
  })

  it('counts a process that nobody has buried as gone', async (context) => {
    if (process.platform !== 'linux') return context.skip('needs /proc')
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 100'])
    const [line] = await once(parent.stdout, 'data')
    await vi.waitFor(() => expect(processState(Number(line))).toBe('gone'))
    expect(() => process.kill(Number(line), 0)).not.toThrow()
    parent.kill('SIGKILL')
    await once(parent, 'close')
  })
})
