import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { platform } from 'node:process'
import { expect, it } from 'vitest'
import { cpuSecondsAt, ProcessUsage } from '../../bench/spark/process-usage.js'

const CPU_SECONDS = 0.5
const BUSY = `while (process.cpuUsage().user < ${CPU_SECONDS * 1e6}) for (let i = 0; i < 1e6; i++);`
const PARENT = `
const { execFileSync } = require('node:child_process')
execFileSync(process.execPath, ['-e', ${JSON.stringify(BUSY)}])
process.stdout.write('done')
process.stdin.resume()`

it.skipIf(platform !== 'linux')('counts what the children of a process used, when they have ended too', async () => {
  const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['pipe', 'pipe', 'inherit'] })
  const usage = new ProcessUsage(parent.pid ?? 0)
  await once(parent.stdout, 'data')
  usage.stop()
  parent.stdin.end()
  await once(parent, 'close')
  expect(usage.samples.at(-1)?.cpuSeconds).toBeGreaterThanOrEqual(CPU_SECONDS)
  expect(usage.samples.at(-1)?.bytes).toBeGreaterThan(1e7)
})

it('takes CPU between two samples in proportion', () => {
  const samples = [
    { atMs: 1000, cpuSeconds: 1, bytes: 0 },
    { atMs: 2000, cpuSeconds: 3, bytes: 0 },
  ]
  expect([500, 1000, 1500, 2000, 2500].map((atMs) => cpuSecondsAt(samples, atMs))).toEqual([1, 1, 2, 3, 3])
})
