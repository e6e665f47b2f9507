import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/errors.js'
import { describeSinks, openSink, openSinks } from '../../src/sinks/registry.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const CONTEXT = { log: () => Promise.reject(new Error('no log is needed')), stdout: process.stdout, group: 'test' }

describe('sinks by their URI', () => {
  it.each([
    ['fiel:out.ndjson', "fiel:out.ndjson: there is no sink 'fiel:'; did you mean 'file:'?"],
    ['stdoot:', "stdoot:: there is no sink 'stdoot:'; did you mean 'stdout:'?"],
    ['gopher:x', "gopher:x: there is no sink 'gopher:'"],
    ['constructor:x', "constructor:x: there is no sink 'constructor:'"],
  ])('names the nearest of those there are for %s', async (uri, message) => {
    await expect(openSink(uri, CONTEXT)).rejects.toMatchObject({
      name: 'ExpectedError',
      message,
      suggestions: [
        'sinks of results: topic: file: s3: postgres: stdout: null:',
        'a plug-in with another is named with --plugin',
      ],
      exit: EXIT.usage,
    })
  })

  it('opens several in the order given', async () => {
    const folder = await temporaryFolder()
    const file = path.join(folder, 'out.ndjson')
    const sinks = await openSinks(['null:', `file:${file}`, 'stdout:'], CONTEXT)
    expect(sinks.map(({ name }) => name)).toEqual(['null:', `file:${file}`, 'stdout:'])
    for (const sink of sinks) await sink.abort()
  })

  it('gives up those that are open when one cannot be opened', async () => {
    const folder = await temporaryFolder()
    const uris = [path.join(folder, 'a.ndjson'), path.join(folder, 'b.arrow'), path.join(folder, 'missing/c.ndjson')]
    await expect(openSinks(uris, CONTEXT)).rejects.toThrow('its folder does not exist')
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses one named twice', async () => {
    const folder = await temporaryFolder()
    const file = path.join(folder, 'a.ndjson')
    await expect(openSinks([file, `file:${file}?overwrite=true`], CONTEXT)).rejects.toThrow('is named twice')
    await expect(openSinks(['stdout:', 'null:', 'stdout:'], CONTEXT)).rejects.toThrow('the sink stdout: is named twice')
    expect(await readdir(folder)).toEqual([])
  })

  it('describes each', async () => {
    const specs = await describeSinks()
    expect(specs.map(({ scheme }) => scheme)).toEqual(['topic', 'file', 's3', 'postgres', 'stdout', 'null'])
    for (const { scheme, usage, summary, options } of specs) {
      expect(usage.startsWith(`${scheme}:`)).toBe(true)
      expect(summary).toMatch(/^[^.\n]+$/)
      for (const description of Object.values(options)) expect(description).not.toBe('')
    }
  })
})
