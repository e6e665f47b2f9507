import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadPlugins } from '../../src/plugins/load-plugins.js'
import { sinkModule, sourceModule, writePackage } from '../support/plugin-packages.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const install = (name: string, files: Record<string, string | object>) =>
  writePackage(path.join(folder, 'node_modules', name), files)
const load = (...named: string[]) => loadPlugins(named, folder)

describe('a plug-in', () => {
  it.each([
    ['exports', { exports: './lib/index.js' }, 'lib/index.js'],
    ['exports by condition', { exports: { '.': { types: './x.d.ts', require: './x.cjs', import: './a.js' } } }, 'a.js'],
    ['exports for import alone', { exports: { import: './b.js' } }, 'b.js'],
    ['main', { main: './lib/main.js' }, 'lib/main.js'],
    ['a main without extension', { main: 'lib/main' }, 'lib/main.js'],
    ['neither', {}, 'index.js'],
  ])('is the module of a package with %s', async (_what, fields, entry) => {
    await install('foo', {
      'package.json': { name: 'foo', version: '1.2.3', type: 'module', ...fields },
      [entry]: sinkModule('foo'),
    })
    const [plugin] = await load('foo')
    expect(plugin).toMatchObject({ name: 'foo@1.2.3', sinks: [{ scheme: 'foo' }], sources: [] })
  })

  it('is found from the folder or any above, with a scope too, named twice or not', async () => {
    await install('@lab/foo', {
      'package.json': { name: '@lab/foo', version: '0.1.0', exports: './index.mjs' },
      'index.mjs': sourceModule('foo'),
    })
    const below = path.join(folder, 'runs', '2026')
    await mkdir(below, { recursive: true })
    const plugins = await loadPlugins(['@lab/foo', '@lab/foo'], below)
    expect(plugins.map(({ name, sources }) => [name, sources.map(({ scheme }) => scheme)])).toEqual([
      ['@lab/foo@0.1.0', ['foo']],
    ])
  })

  it('is a folder or a file where its path is named', async () => {
    await writePackage(folder, { 'mine/package.json': { name: 'mine', version: '1.0.0' }, 'mine/index.js': COMMON })
    await writePackage(folder, { 'one.mjs': sinkModule('one') })
    const plugins = await load(
      './mine',
      './one.mjs',
      path.join(folder, 'mine', 'index.js'.replace('index.js', '')),
    ).catch((error: Error) => error.message)
    expect(plugins).toContain('mine@1.0.0 brings a sink')
    expect((await load('./mine', './one.mjs')).map(({ name }) => name)).toEqual(['mine@1.0.0', './one.mjs'])
  })

  it('is found beside dtstream, if nowhere else', async () => {
    // installed there, and none: so it was found
    await expect(load('fast-check')).rejects.toThrow(
      /^fast-check@\S+ is no plug-in of dtstream: it exports neither sinks nor sources$/,
    )
  })
})

const COMMON = `
  exports.contract = 1
  exports.sinks = [{ scheme: 'common', usage: 'common:', summary: 'x', options: {}, open() {} }]
`

describe('what is no plug-in is refused with a sentence:', () => {
  const module = (body: string) => install('bad', { 'package.json': PACKAGE, 'index.js': body })
  const PACKAGE = { name: 'bad', version: '2.0.0', type: 'module' }
  const sink = (changes: string) =>
    `export const contract = 1\nexport const sinks = [{ scheme: 'bad', usage: 'bad:', summary: 'x', options: {}, open() {}, ${changes} }]`

  it.each([
    ['', 'bad@2.0.0 is no plug-in of dtstream: it exports neither sinks nor sources'],
    [
      'export const sinks = []',
      'bad@2.0.0 is not made for version 1 of the contract with plug-ins: it does not export which version',
    ],
    [
      'export const contract = 2; export const sinks = []',
      'bad@2.0.0 is not made for version 1 of the contract with plug-ins: it is made for version 2',
    ],
    ['export const contract = 1; export const sinks = 1', 'bad@2.0.0: sinks: it is not a list'],
    [sink('summary: undefined'), 'bad@2.0.0: sinks[0].summary: it is missing'],
    [sink('usage: ""'), 'bad@2.0.0: sinks[0].usage: it is empty'],
    [sink('open: 1'), 'bad@2.0.0: sinks[0].open: it is not a function'],
    [sink('options: undefined'), 'bad@2.0.0: sinks[0].options: it is missing'],
    [sink('options: { x: 1 }'), 'bad@2.0.0: sinks[0].options.x: it is not text'],
    [
      sink("options: { retries: 'mine' }"),
      'bad@2.0.0: sinks[0].options: on-failure, retries, fallback are options that every sink has',
    ],
    [sink("scheme: 'B'"), 'bad@2.0.0: sinks[0].scheme: a scheme is of small letters and digits, two at least'],
    [sink("scheme: 'file'"), "bad@2.0.0 brings a sink 'file:', which dtstream itself has already"],
    [
      "export const contract = 1; export const sources = [{ scheme: 'sim', usage: 'sim:', summary: 'x', options: {}, parts() {} }]",
      "bad@2.0.0 brings a source 'sim:', which dtstream itself has already",
    ],
    ['export const sinks = [', 'the plug-in bad@2.0.0 cannot be loaded: Unexpected end of input'],
    ["throw new Error('no luck')", 'the plug-in bad@2.0.0 cannot be loaded: no luck'],
  ])('%s', async (body, message) => {
    await module(body)
    await expect(load('bad')).rejects.toMatchObject({
      name: 'ExpectedError',
      message,
      suggestions: [expect.any(String)],
    })
  })

  it('a package that is not there, with how to install it', async () => {
    await expect(load('dtstream-sink-nowhere')).rejects.toMatchObject({
      message: `there is no package dtstream-sink-nowhere for ${folder}, nor beside dtstream`,
      suggestions: [
        'npm install dtstream-sink-nowhere',
        'a plug-in in a folder is named by its path: --plugin ./FOLDER',
      ],
    })
  })

  it.each([
    ['./nowhere', {}, (at: string) => `there is no plug-in ${at}/nowhere`],
    ['./empty', { 'empty/x': '' }, (at: string) => `${at}/empty is no package: it has no package.json`],
    ['./broken', { 'broken/package.json': '{' }, (at: string) => `the package in ${at}/broken has no module to load: `],
    [
      './unbuilt',
      { 'unbuilt/package.json': { main: './dist/index.js' } },
      (at: string) => `the package in ${at}/unbuilt has no module to load: `,
    ],
    [
      './noimport',
      { 'noimport/package.json': { exports: { './sub': './x.js' } } },
      (at: string) => `the package in ${at}/noimport has no module to load: its package.json exports none for import`,
    ],
  ])('%s', async (named, files, message) => {
    await writePackage(folder, files)
    await expect(load(named)).rejects.toThrow(message(folder))
  })

  it('two with the same scheme', async () => {
    await writePackage(folder, { 'a.mjs': sinkModule('same'), 'b.mjs': sinkModule('same') })
    await expect(load('./a.mjs', './b.mjs')).rejects.toThrow("./b.mjs brings a sink 'same:', which ./a.mjs has already")
  })
})
