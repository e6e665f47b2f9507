import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ExpectedError } from '../../../src/errors.js'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { outgoing, valuesOf } from '../messages.js'
import { childCommand } from './child.js'

const SMALL_DISK = '16m'

/** The error of opening, which must be one for users. */
async function openingError(folder: string): Promise<ExpectedError> {
  const error = await openEmbeddedLog(folder).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ExpectedError)
  const expected = error as ExpectedError
  expect(expected.suggestions.length).toBeGreaterThan(0)
  return expected
}

/** All that lies in a folder, byte for byte. */
const contents = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [parentPath, name, readFileSync(join(parentPath, name)).toString('base64')])

async function logWithMessages(folder: string) {
  const log = await openEmbeddedLog(folder)
  await log.createTopic({ name: 't', partitions: 1 })
  await log.append('t', [outgoing(0, ['a', 'b'])])
  await log.close()
}

describe('a folder that can not be used', () => {
  it('as the store there has another format: both are named, nothing is changed', async () => {
    const folder = await temporaryFolder()
    await logWithMessages(folder)
    writeFileSync(join(folder, 'format'), 'dtstream log 7\n')
    const before = contents(folder)
    const error = await openingError(folder)
    expect(error.message).toBe(
      `the log in ${folder} was written in format 7, and this dtstream reads format 1; it was left as it is`,
    )
    expect(contents(folder)).toEqual(before)
  })

  it('as the store there is of another lmdb', async () => {
    const folder = await temporaryFolder()
    await logWithMessages(folder)
    const file = join(folder, 'data.mdb')
    const data = readFileSync(file)
    data.writeUInt32LE(1, 28)
    writeFileSync(file, data)
    expect((await openingError(folder)).message).toContain('in format lmdb 1, and this dtstream reads format lmdb 2')
    expect(readFileSync(file).equals(data)).toBe(true)
  })

  it.each([
    ['of another program', Buffer.alloc(20_000, 'x')],
    ['a few bytes long', Buffer.from('x')],
    ['empty', Buffer.alloc(0)],
  ])('as its data file is %s', async (_, data) => {
    const folder = await temporaryFolder()
    await logWithMessages(folder)
    const file = join(folder, 'data.mdb')
    writeFileSync(file, data)
    expect((await openingError(folder)).message).toBe(
      `${folder} holds something else than a log of dtstream; it was left as it is`,
    )
    expect(readFileSync(file).equals(data)).toBe(true)
  })

  it('as its format can not be read', async () => {
    const folder = await temporaryFolder()
    await logWithMessages(folder)
    writeFileSync(join(folder, 'format'), 'tape')
    expect((await openingError(folder)).message).toContain('something else than a log of dtstream')
  })

  it('as the lmdb store there is another program’s', async () => {
    const folder = await temporaryFolder()
    await logWithMessages(folder)
    rmSync(join(folder, 'format'))
    const before = contents(folder)
    expect((await openingError(folder)).message).toContain('something else than a log of dtstream')
    expect(contents(folder)).toEqual(before)
  })

  it('as it is a file', async () => {
    const file = join(await temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect((await openingError(file)).message).toBe(
      `${file} can't hold a log: it, or something above it, is not a folder`,
    )
    expect((await openingError(join(file, 'below'))).message).toContain("can't hold a log")
  })

  it('as it may not be written to', async () => {
    const folder = await temporaryFolder()
    chmodSync(folder, 0o755)
    await logWithMessages(folder)
    chmodSync(join(folder, 'data.mdb'), 0o444)
    // a stranger, where the tests run as root, who may write anywhere
    const options = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    if (process.getuid?.() !== 0) chmodSync(folder, 0o500)
    onTestFinished(() => chmodSync(folder, 0o755))
    const closed = [folder, join(folder, 'log')]
    const [program, args] = childCommand('opener', ...closed)
    const { stdout } = spawnSync(program, args, { ...options, encoding: 'utf8' })
    const said = closed.map((one) => JSON.stringify(`no permission to read and write the log in ${one}`))
    expect(stdout.trim().split('\n')).toEqual(said)
  })
})

/** An empty disk of 16 MB; undefined where this user may not mount one. */
function smallDisk(folder: string): string | undefined {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  onTestFinished(() => void execFileSync('umount', ['-l', disk]))
  return disk
}

const NO_MOUNT = 'mounting a small disk is not permitted here: what happens when the disk is full was not tested'

describe('a full disk', () => {
  it('stops a write with one sentence, keeps all before it, and is no hindrance once there is space', async (context) => {
    const disk = smallDisk(await temporaryFolder())
    if (!disk) return context.skip(NO_MOUNT)
    const folder = join(disk, 'log')
    const log = await openEmbeddedLog(folder)
    await log.createTopic({ name: 't', partitions: 1 })
    writeFileSync(join(disk, 'filler'), Buffer.alloc(4 * 1024 ** 2))
    const value = (i: number) => `${i}`.padEnd(200_000, '.')
    let written = 0
    const fill = async () => {
      for (;;) {
        await log.append('t', [outgoing(0, [value(written)])], { key: 'written', value: written + 1 })
        written++
      }
    }
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(fill()).rejects.toThrow(`no space left on the disk for the log in ${folder}`)
    }
    await expect(fill()).rejects.toBeInstanceOf(ExpectedError)
    expect(written).toBeGreaterThan(40)
    expect(await log.progress('written')).toBe(written)
    const values = await valuesOf(await log.reader('t', 0, 0))
    expect(values.map(Number.parseFloat)).toEqual(Array.from({ length: written }, (_, i) => i))
    const other = await openEmbeddedLog(folder)
    expect((await other.topic('t'))?.offsets[0].end).toBe(written)
    rmSync(join(disk, 'filler'))
    const enough = written + 10
    while (written < enough) await other.append('t', [outgoing(0, [value(written++)])])
    await log.append('t', [outgoing(0, [value(written++)])])
    await log.deleteTopic('t')
    await log.createTopic({ name: 't', partitions: 1 })
    await log.append('t', [outgoing(0, ['goes on'])])
    await other.close()
    await log.close()
  })

  it('is said when a log is to be made there', async (context) => {
    const disk = smallDisk(await temporaryFolder())
    if (!disk) return context.skip(NO_MOUNT)
    const size = 16 * 1024 ** 2 - 16 * 1024
    writeFileSync(join(disk, 'filler'), Buffer.alloc(size))
    const folder = join(disk, 'log')
    expect((await openingError(folder)).message).toContain('no space left on the disk for the log in')
    rmSync(join(disk, 'filler'))
    expect(existsSync(join(disk, 'filler'))).toBe(false)
    await logWithMessages(folder)
    // a hole in the lock file would end the process that touches it when the disk is full again
    for (const file of ['lock.mdb', join('gate', 'lock.mdb')]) {
      const { size, blocks } = statSync(join(folder, file))
      expect(blocks * 512).toBeGreaterThanOrEqual(size)
    }
  })
})
