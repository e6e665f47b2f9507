import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, parse } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { findConfig, isTrusted } from '../../../src/cli/config/find-config.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let top: string
let here: string
const told: string[] = []

beforeEach(async () => {
  top = await temporaryFolder()
  here = join(top, 'home', 'project', 'runs')
  await mkdir(here, { recursive: true })
  told.length = 0
})

const make = async (...parts: string[]) => {
  const path = join(top, ...parts)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, 'all: {log: x}\n')
  return path
}
const find = (home = top, from = here) => findConfig({ from, home, warn: (sentence) => told.push(sentence) })

describe('the config file that is found', () => {
  it('is the nearest: here, else in a folder above', async () => {
    expect(find()).toBeUndefined()
    const above = await make('home', 'dtstream.yaml')
    expect(find()).toBe(above)
    const nearer = await make('home', 'project', 'dtstream.yml')
    expect(find()).toBe(nearer)
    const nearest = await make('home', 'project', 'runs', 'dtstream.yaml')
    expect(find()).toBe(nearest)
  })

  it('may lie in the home folder, but not above it', async () => {
    await make('dtstream.yaml')
    expect(find(join(top, 'home'))).toBeUndefined()
    const own = await make('home', 'dtstream.yaml')
    expect(find(join(top, 'home'))).toBe(own)
  })

  it('may lie anywhere up to the root where the home folder is not on the way', async () => {
    const above = await make('dtstream.yaml')
    expect(find(join(top, 'elsewhere'))).toBe(above)
    expect(find(top, parse(top).root)).toBeUndefined()
  })

  it('is a file, or a link to one', async () => {
    await mkdir(join(here, 'dtstream.yaml'))
    await symlink(join(top, 'nowhere'), join(here, 'dtstream.yml'))
    expect(find()).toBeUndefined()
    const real = await make('shared.yaml')
    const link = join(top, 'home', 'project', 'dtstream.yaml')
    await symlink(real, link)
    expect(find()).toBe(link)
  })

  it('is not one of two in a folder', async () => {
    const paths = [await make('home', 'dtstream.yaml'), await make('home', 'dtstream.yml')]
    expect(() => find()).toThrow(`${paths.join(' and ')} are both there`)
  })

  it.runIf(process.getuid?.() === 0)('is not what someone else has put where anybody may write', async () => {
    const above = await make('home', 'dtstream.yaml')
    const planted = await make('home', 'project', 'dtstream.yaml')
    await chmod(dirname(planted), 0o1777)
    expect(find()).toBe(planted)
    await chown(planted, 12345, 12345)
    expect(find()).toBe(above)
    expect(told).toEqual([
      `${planted} is passed over: it is someone else's, in a folder that anybody may write to; --config ${planted} takes it`,
    ])
  })
})

describe('a file is trusted', () => {
  const [ME, ROOT, OTHER] = [1000, 0, 1001]
  it.each([
    ['my own, in a folder like /tmp', ME, 0o1777, true],
    ["root's, in a folder like /tmp", ROOT, 0o1777, true],
    ["someone else's, in a folder like /tmp", OTHER, 0o1777, false],
    ["someone else's, in a folder open to all", OTHER, 0o777, false],
    ["someone else's, in a folder of the group", OTHER, 0o2775, true],
    ["someone else's, in a folder of theirs", OTHER, 0o755, true],
  ])('%s: %i, %o: %s', (_, uid, mode, expected) => {
    expect(isTrusted({ uid }, { mode }, ME)).toBe(expected)
  })

  it('where there are no users', () => {
    expect(isTrusted({ uid: OTHER }, { mode: 0o777 }, undefined)).toBe(true)
  })
})
