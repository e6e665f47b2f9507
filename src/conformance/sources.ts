import assert from 'node:assert/strict'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { RowBuffer } from '../core/rows/row-buffer.js'
import type { RunFile } from '../core/run-file/run-file.js'
import { EXIT, type ExpectedError } from '../errors.js'
import type { S3Settings } from '../s3/settings.js'
import { readParts, type SourcePosition } from '../sources/read-parts.js'
import { openSources } from '../sources/registry.js'
import type { SourcePart, SourceSpec } from '../sources/source.js'
import { anyRecord, manyRecords, type TestRecord } from './records.js'
import type { Tester } from './tester.js'

/** One kind of source. */
export interface SourceKind {
  name: string
  /** the source of a plug-in; left out for one of dtstream's own */
  spec?: SourceSpec
  run: RunFile
  /** how S3 is reached, where the source is there; known once tests run */
  s3?: () => S3Settings
  /** makes a source in the folder that holds these records, and gives its URI and what it holds, if that is not just these */
  make(folder: string, records: readonly TestRecord[]): Promise<{ uri: string; records?: readonly TestRecord[] }>
  /** for files: the bytes that the positions of part `part` count, decompressed; undefined where positions count rows */
  bytes?(folder: string, part: number): Promise<Uint8Array>
  /** can be made to hold no record at all */
  canBeEmpty: boolean
  /** a source that is not there, and the sentence for it */
  missing?: (folder: string) => { uri: string; sentence: string }
}

/** A record as it was read, and where. */
interface Read {
  record: TestRecord
  part: number
  start: number
  end: number
  text: string | undefined
}

/** What every source must do. */
export function sourceConformance(kind: SourceKind, { describe, it }: Tester): void {
  describe(`the source ${kind.name}: as every source`, () => {
    it('gives its records in order, each at a place of its own', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRecord, { maxLength: 60 }), async (wanted) => {
          if (wanted.length === 0 && !kind.canBeEmpty) return
          await withSource(wanted, async ({ parts, records }) => {
            const read = await readAll(parts)
            assert.deepEqual(
              read.map(({ record }) => record),
              records,
            )
            checkPlaces(read, parts)
          })
        }),
        { numRuns: 15 },
      )
    })

    it('has at its positions what was read there', () =>
      withSource(SOME, async ({ parts, folder }) => {
        const read = await readAll(parts)
        assert.notEqual(read.length, 0)
        for (const one of read) checkBytes(one, await kind.bytes?.(folder, one.part))
      }))

    it('reads on from behind any row: what follows it, and nothing else', () =>
      withSource(SOME, async ({ parts }) => {
        const read = await readAll(parts)
        for (const [i, { record, part, end }] of read.entries()) {
          if (record !== 'malformed') assert.deepEqual(await readAll(parts, { part, at: end }), read.slice(i + 1))
        }
      }))

    it('reads on from behind any block, also of a source of many', () =>
      withSource(MANY, async ({ parts, records }) => {
        const read = await readAll(parts)
        assert.equal(read.length, records.length)
        assert.equal(
          read.findIndex(({ record }, i) => String(record) !== String(records[i])),
          -1,
        )
        checkPlaces(read, parts)
        assert.ok((await checkBlocks(parts, read)) > 1)
        for (const i of [1, 998, 40_000, 65_535, 65_536, 65_537, 69_998]) {
          const { part, end } = read[i]
          assert.deepEqual(await readAll(parts, { part, at: end }, 5), read.slice(i + 1, i + 6))
        }
      }))

    it('says its size, if at all, in its unit, and has nothing behind it', () =>
      withSource(SOME, async ({ parts }) => {
        const last = (await readAll(parts)).at(-1)
        const { size } = parts[parts.length - 1]
        if (size === undefined) return
        assert.ok(size >= (last?.end ?? 0))
        assert.deepEqual(await readAll(parts, { part: parts.length - 1, at: size }), [])
      }))

    it('refuses to read on behind its end', () =>
      withSource(SOME, async ({ parts }) => {
        const part = parts.length - 1
        const at = ((await readAll(parts)).at(-1)?.end ?? 0) + 1000
        await assert.rejects(readAll(parts, { part, at }), {
          name: 'ExpectedError',
          message: new RegExp(`^.+ has only \\d+ (byte|row)s, but reading is to go on at (byte|row) ${at}$`),
        })
      }))

    it('names its parts apart', () =>
      withSource(SOME, async ({ parts }) => {
        assert.equal(new Set(parts.map(({ id }) => id)).size, parts.length)
        for (const { name } of parts) assert.notEqual(name, '')
      }))

    it('lets go of its files when it is left in the midst', () =>
      withSource(MANY, async ({ parts, folder }) => {
        for await (const { part } of readParts(parts)) {
          assert.equal(part, parts[0])
          break
        }
        for (let tries = 0; openFilesIn(folder).length > 0 && tries < 100; tries++) await sleep(10)
        assert.deepEqual(openFilesIn(folder), [])
      }))

    it('refuses an option that it does not have', () =>
      withSource(SOME, async ({ uri }) => {
        const withOption = `${uri}${uri.includes('?') ? '&' : '?'}nonsense=1`
        await assert.rejects(open(withOption), {
          name: 'ExpectedError',
          message: /has no option 'nonsense'/,
          exit: EXIT.usage,
        })
      }))

    if (kind.canBeEmpty) {
      it('may hold nothing', () =>
        withSource([], async ({ parts }) => {
          assert.deepEqual(await readAll(parts), [])
        }))
    }

    const { missing } = kind
    if (missing) {
      it('says in one sentence that it is not there', () =>
        inFolder(async (folder) => {
          const { uri, sentence } = missing(folder)
          await assert.rejects(open(uri), (error: ExpectedError) => {
            assert.deepEqual([error.name, error.message, error.suggestions.length], ['ExpectedError', sentence, 1])
            return true
          })
        }))
    }
  })

  function open(uri: string): Promise<SourcePart[]> {
    const log = () => Promise.reject(new Error('there is no log here'))
    return openSources([uri], { run: kind.run, log, s3: kind.s3?.() ?? {}, plugged: kind.spec ? [kind.spec] : [] })
  }

  function withSource(wanted: readonly TestRecord[], test: (made: MadeSource) => Promise<void>): Promise<void> {
    return inFolder(async (folder) => {
      const { uri, records = wanted } = await kind.make(folder, wanted)
      await test({ folder, uri, records, parts: await open(uri) })
    })
  }
}

interface MadeSource {
  folder: string
  uri: string
  records: readonly TestRecord[]
  parts: SourcePart[]
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dtstream-test-'))
  try {
    await test(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** @param bytes that positions count; undefined where they count rows */
function checkBytes({ start, end, text, record }: Read, bytes: Uint8Array | undefined): void {
  if (!bytes) assert.deepEqual([end - start, text], [1, undefined])
  else if (text === undefined) assert.equal(end - start, 8)
  else {
    assert.equal(Buffer.from(bytes.subarray(start, end)).toString(), text)
    if (record !== 'malformed') assert.equal(text, record.join())
  }
}

/** Reads on from behind each block; gives the number of blocks. */
async function checkBlocks(parts: readonly SourcePart[], read: readonly Read[]): Promise<number> {
  let before = 0
  let blocks = 0
  for await (const { rows, next, partIndex } of readParts(parts)) {
    before += rows.length + rows.malformed.count
    blocks++
    assert.deepEqual(await readAll(parts, { part: partIndex, at: next }, 3), read.slice(before, before + 3))
  }
  return blocks
}

const SOME: readonly TestRecord[] = [
  'malformed',
  [2, 0, 75, 3_387_201_003, 3420, 3],
  [0, 1, 2, 4_294_967_295, 1119, 24],
  'malformed',
  'malformed',
  [2, 1, 128, 0, 0, 0],
  [2, 0, 75, 3_387_201_003, 3420, 3],
  [1, 1, 137, 17, 4095, 29],
  'malformed',
]
/** More than a buffer holds of rows, and of bytes. */
const MANY = manyRecords(70_000)

/** All records from a position on, or the first `most`. */
async function readAll(
  parts: readonly SourcePart[],
  from?: SourcePosition,
  most = Number.POSITIVE_INFINITY,
): Promise<Read[]> {
  const read: Read[] = []
  for await (const { rows, text, base, partIndex } of readParts(parts, from)) {
    const at = (start: number, end: number) => ({
      ...{ part: partIndex, start: base + start, end: base + end },
      text: text && Buffer.from(text.subarray(start, end)).toString(),
    })
    const { malformed } = rows
    for (let i = 0, bad = 0; i <= rows.length && read.length < most; i++) {
      for (; bad < malformed.count && malformed.row[bad] === i; bad++)
        read.push({ record: 'malformed', ...at(malformed.start[bad], malformed.end[bad]) })
      if (i < rows.length) read.push({ record: recordAt(rows, i), ...at(rows.start[i], rows.end[i]) })
    }
    if (read.length >= most) break
  }
  return read.slice(0, most)
}

function recordAt({ columns: { head, fpga, channel, orbit, bx, tdc } }: RowBuffer, i: number): TestRecord {
  return [head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]]
}

/** Positions go forward, from 0 in each part, and nowhere beyond its size. */
function checkPlaces(read: readonly Read[], parts: readonly SourcePart[]): void {
  const wrong = read.findIndex(({ part, start, end }, i) => {
    const before = read[i - 1]
    const least = before?.part === part ? before.end : 0
    return start < least || end <= start || end > (parts[part].size ?? Number.POSITIVE_INFINITY)
  })
  assert.equal(wrong, -1, `record ${wrong} is at a wrong place`)
}

function openFilesIn(folder: string): string[] {
  const fds = '/proc/self/fd'
  if (!existsSync(fds)) return []
  return readdirSync(fds).flatMap((fd) => {
    try {
      const file = readlinkSync(`${fds}/${fd}`)
      return file.startsWith(folder) ? [file] : []
    } catch {
      return []
    }
  })
}
