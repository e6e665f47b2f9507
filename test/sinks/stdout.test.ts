import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { openSink } from '../../src/sinks/registry.js'
import { CollectedStream } from '../support/collected-stream.js'
import { resultOfSize } from '../support/results.js'

const open = (stdout: NodeJS.WritableStream) =>
  openSink('stdout:', { log: () => Promise.reject(new Error('no log is needed')), stdout, group: 'test' })

describe('the sink stdout', () => {
  it('writes one line a result', async () => {
    const stdout = new CollectedStream()
    const sink = await open(stdout)
    await sink.write(resultOfSize(100, 0))
    await sink.write(resultOfSize(100, 1))
    expect(stdout.text).toBe(`${JSON.stringify(resultOfSize(100, 0))}\n${JSON.stringify(resultOfSize(100, 1))}\n`)
    await sink.close()
    expect(stdout.writableEnded).toBe(false)
  })

  it('ends quietly when its reader has gone', async () => {
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--input-type=module',
        '-e',
        `import { openSink } from './src/sinks/registry.ts'
         import { resultOfSize } from './test/support/results.ts'
         const sink = await openSink('stdout:', { log: () => {}, stdout: process.stdout, group: 'test' })
         for (let i = 0; i < 200; i++) await sink.write(resultOfSize(20_000, i))
         await sink.close()
         console.error('through')`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    child.stdout.once('data', () => child.stdout.destroy())
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect(stderr).toBe('through\n')
    expect(code).toBe(0)
  })

  it('says why it cannot write', async () => {
    const full = new Writable({
      write(_chunk, _encoding, callback) {
        callback(Object.assign(new Error('write failed'), { code: 'ENOSPC' }))
      },
    })
    const sink = await open(full)
    await expect(sink.write(resultOfSize(100))).rejects.toMatchObject({
      name: 'ExpectedError',
      message: 'cannot write stdout: the disk is full',
    })
    await sink.abort()
  })
})
