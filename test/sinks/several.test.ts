import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { openSinks } from '../../src/sinks/registry.js'
import { abortAll, closeAll, writeAll } from '../../src/sinks/several.js'
import type { Sink } from '../../src/sinks/sink.js'
import { resultOfSize } from '../support/results.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const FULL = () =>
  new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('full'), { code: 'ENOSPC' })) })

async function open(uris: string[]) {
  const log = () => Promise.reject(new Error('no log is needed'))
  return openSinks(uris, { log, stdout: FULL(), group: 'test' })
}

describe('several sinks', () => {
  it('all get each result', async () => {
    const folder = await temporaryFolder()
    const sinks = await open(['null:', path.join(folder, 'a.ndjson'), path.join(folder, 'b.arrow')])
    await writeAll(sinks, resultOfSize(100))
    await closeAll(sinks)
    expect(sinks[0].outcomes?.written).toBe(1)
    expect((await readdir(folder)).sort()).toEqual(['a.ndjson', 'b.arrow'])
  })

  it('fail together: the reason is the first one, and the others are through by then', async () => {
    const sinks = await open(['stdout:', 'null:'])
    await expect(writeAll(sinks, resultOfSize(100))).rejects.toThrow('cannot write stdout: the disk is full')
    expect(sinks[1].outcomes?.written).toBe(1)
    await abortAll(sinks)
  })

  it('are given up from the first that cannot be closed', async () => {
    const folder = await temporaryFolder()
    const sinks = await open([
      path.join(folder, 'a.ndjson'),
      path.join(folder, 'b.ndjson'),
      path.join(folder, 'c.ndjson'),
    ])
    const failing: Sink = Object.assign(Object.create(sinks[1]), {
      close: () => Promise.reject(new Error('not to be closed')),
    })
    await expect(closeAll([sinks[0], failing, sinks[2]])).rejects.toThrow('not to be closed')
    expect(await readdir(folder)).toEqual(['a.ndjson'])
  })
})
