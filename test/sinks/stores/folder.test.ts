import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openFolderStore } from '../../../src/sinks/stores/folder.js'
import type { Store } from '../../../src/sinks/stores/store.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let folder: string
let store: Store
beforeEach(async () => {
  folder = await temporaryFolder()
  store = await openFolderStore(`file:${folder}/`, folder)
})

const at = (name: string) => path.join(folder, name)

describe('a folder as a store', () => {
  it('has a file whole, and nothing beside it', async () => {
    expect(await store.put('a.ndjson', Buffer.from('content'))).toBe('written')
    expect(await readFile(at('a.ndjson'), 'utf8')).toBe('content')
    expect(await readdir(folder)).toEqual(['a.ndjson'])
  })

  it('keeps what is there', async () => {
    await writeFile(at('a.ndjson'), 'first')
    expect(await store.put('a.ndjson', Buffer.from('second'))).toBe('there')
    expect(await readFile(at('a.ndjson'), 'utf8')).toBe('first')
    expect(await readdir(folder)).toEqual(['a.ndjson'])
  })

  it('makes folders in it, also at once', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `run=${i % 2}/hour=${i % 3}/${i}.parquet`)
    expect(await Promise.all(names.map((name) => store.put(name, Buffer.from(name))))).toEqual(
      names.map(() => 'written'),
    )
    for (const name of names) expect(await readFile(at(name), 'utf8')).toBe(name)
    expect((await readdir(folder)).sort()).toEqual(['run=0', 'run=1'])
  })

  it('has just one of two at once, whole, and says who wrote it', async () => {
    const other = await openFolderStore('other', folder)
    for (let i = 0; i < 100; i++) {
      const large = Buffer.alloc(200_000, i)
      const outcomes = await Promise.all([store.put(`${i}`, large), other.put(`${i}`, large)])
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1)
      expect((await readFile(at(`${i}`))).equals(large)).toBe(true)
    }
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('says what it cannot write, leaves nothing of it, and takes it later', async () => {
    await writeFile(at('below'), 'a file where a folder should be')
    await expect(store.put('below/a', Buffer.from('x'))).rejects.toMatchObject({
      name: 'ExpectedError',
      message: expect.stringMatching(`^cannot write ${at('below')}`),
    })
    await expect(store.put('n'.repeat(300), Buffer.from('x'))).rejects.toThrow('its name is too long')
    execFileSync('rm', [at('below')])
    expect(await store.put('below/a', Buffer.from('x'))).toBe('written')
  })

  it('says that the disk is full, leaves nothing torn, and goes on when there is room', async ({ skip }) => {
    const disk = smallDisk()
    if (!disk) return skip('no small disk can be mounted here')
    const small = await openFolderStore('small', disk)
    const piece = Buffer.alloc(300_000, 7)
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `run=0/${name}`)
    const outcomes: string[] = []
    for (const name of names)
      outcomes.push(await small.put(name, piece).catch((error: Error) => `${error.name}: ${error.message}`))
    const full = (name: string) => `ExpectedError: cannot write ${path.join(disk, name)}: the disk is full`
    expect(outcomes).toEqual(['written', 'written', 'written', full(names[3]), full(names[4])])
    expect((await readdir(path.join(disk, 'run=0'))).sort()).toEqual(['a', 'b', 'c'])
    for (const name of names.slice(0, 3)) expect((await readFile(path.join(disk, name))).equals(piece)).toBe(true)
    execFileSync('rm', [path.join(disk, 'run=0/a')])
    expect(await small.put(names[3], piece)).toBe('written')
    expect((await readFile(path.join(disk, names[3]))).equals(piece)).toBe(true)
  })

  function smallDisk(): string | undefined {
    const disk = at('disk')
    try {
      execFileSync('mkdir', [disk])
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1M', 'tmpfs', disk], { stdio: 'ignore' })
    } catch {
      return undefined
    }
    onTestFinished(() => {
      execFileSync('umount', [disk])
    })
    return disk
  }
})

describe('a folder where a store cannot be', () => {
  it('is told of when it is opened', async () => {
    await mkdir(at('sub'))
    await writeFile(at('sub/plain'), '')
    await expect(openFolderStore('x', at('sub/plain'))).rejects.toMatchObject({
      name: 'ExpectedError',
      message: expect.stringMatching(/^cannot write .*plain/),
    })
  })
})
