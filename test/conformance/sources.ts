import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { RowBuffer } from '../../src/core/rows/row-buffer.js'
import type { RunFile } from '../../src/core/run-file/run-file.js'
import { EXIT } from '../../src/errors.js'
import type { S3Settings } from '../../src/s3/settings.js'
import { readParts, type SourcePosition } from '../../src/sources/read-parts.js'
import { openSources } from '../../src/sources/registry.js'
import type { SourcePart } from '../../src/sources/source.js'
import { noLog } from '../support/no-log.js'
import { anyRecord, manyRecords, type TestRecord } from '../support/row-files.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** One kind of source. */
export interface SourceKind {
  name: string
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
export function sourceConformance(kind: SourceKind): void {
  const context = () => ({ run: kind.run, log: noLog, s3: kind.s3?.() ?? {} })

  describe(`the source ${kind.name}: as every source`, () => {
    it('gives its records in order, each at a place of its own', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRecord, { maxLength: 60 }), async (wanted) => {
          if (wanted.length === 0 && !kind.canBeEmpty) return
          const { parts, records } = await made(wanted)
          const read = await readAll(parts)
          expect(read.map(({ record }) => record)).toEqual(records)
          expectPlaces(read, parts)
        }),
        { numRuns: 15 },
      )
    })

    it('has at its positions what was read there', async () => {
      const { parts, folder } = await made(SOME)
      const read = await readAll(parts)
      for (const { part, start, end, text, record } of read) {
        const bytes = await kind.bytes?.(folder, part)
        if (!bytes) expect([end - start, text]).toEqual([1, undefined])
        else if (text === undefined) expect(end - start).toBe(8)
        else {
          expect(Buffer.from(bytes.subarray(start, end)).toString()).toBe(text)
          if (record !== 'malformed') expect(text).toBe(record.join())
        }
      }
    })

    it('reads on from behind any row: what follows it, and nothing else', async () => {
      const { parts } = await made(SOME)
      const read = await readAll(parts)
      for (const [i, { record, part, end }] of read.entries()) {
        if (record !== 'malformed') expect(await readAll(parts, { part, at: end })).toEqual(read.slice(i + 1))
      }
    })

    it('reads on from behind any block, also of a source of many', async () => {
      const { parts, records } = await made(MANY)
      const read = await readAll(parts)
      expect(read.length).toBe(records.length)
      expect(read.findIndex(({ record }, i) => String(record) !== String(records[i]))).toBe(-1)
      expectPlaces(read, parts)
      let before = 0
      let blocks = 0
      for await (const { rows, next, partIndex } of readParts(parts)) {
        before += rows.length + rows.malformed.count
        blocks++
        expect(await readAll(parts, { part: partIndex, at: next }, 3)).toEqual(read.slice(before, before + 3))
      }
      expect(blocks).toBeGreaterThan(1)
      for (const i of [1, 998, 40_000, 65_535, 65_536, 65_537, 69_998]) {
        const { part, end } = read[i]
        expect(await readAll(parts, { part, at: end }, 5)).toEqual(read.slice(i + 1, i + 6))
      }
    })

    it('says its size, if at all, in its unit, and has nothing behind it', async () => {
      const { parts } = await made(SOME)
      const last = (await readAll(parts)).at(-1)
      const part = parts[parts.length - 1]
      if (part.size === undefined) return
      expect(part.size).toBeGreaterThanOrEqual(last?.end ?? 0)
      expect(await readAll(parts, { part: parts.length - 1, at: part.size })).toEqual([])
    })

    it('refuses to read on behind its end', async () => {
      const { parts } = await made(SOME)
      const part = parts.length - 1
      const at = ((await readAll(parts)).at(-1)?.end ?? 0) + 1000
      await expect(readAll(parts, { part, at })).rejects.toMatchObject({
        name: 'ExpectedError',
        message: expect.stringMatching(
          new RegExp(`^.+ has only \\d+ (byte|row)s, but reading is to go on at (byte|row) ${at}$`),
        ),
      })
    })

    it('names its parts apart', async () => {
      const { parts } = await made(SOME)
      expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length)
      for (const { name } of parts) expect(name).not.toBe('')
    })

    it('lets go of its files when it is left in the midst', async () => {
      const { parts, folder } = await made(MANY)
      for await (const { part } of readParts(parts)) {
        expect(part).toBe(parts[0])
        break
      }
      await vi.waitFor(() => expect(openFilesIn(folder)).toEqual([]))
    })

    it('refuses an option that it does not have', async () => {
      const { uri } = await made(SOME)
      const withOption = `${uri}${uri.includes('?') ? '&' : '?'}nonsense=1`
      await expect(openSources([withOption], context())).rejects.toMatchObject({
        name: 'ExpectedError',
        message: expect.stringContaining("has no option 'nonsense'"),
        exit: EXIT.usage,
      })
    })

    if (kind.canBeEmpty) {
      it('may hold nothing', async () => {
        const { parts } = await made([])
        expect(await readAll(parts)).toEqual([])
      })
    }

    const { missing } = kind
    if (missing) {
      it('says in one sentence that it is not there', async () => {
        const { uri, sentence } = missing(await temporaryFolder())
        await expect(openSources([uri], context())).rejects.toMatchObject({
          name: 'ExpectedError',
          message: sentence,
          suggestions: [expect.any(String)],
        })
      })
    }
  })

  async function made(wanted: readonly TestRecord[]) {
    const folder = await temporaryFolder()
    const { uri, records = wanted } = await kind.make(folder, wanted)
    return { folder, uri, records, parts: await openSources([uri], context()) }
  }
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
function expectPlaces(read: readonly Read[], parts: readonly SourcePart[]): void {
  const wrong = read.findIndex(({ part, start, end }, i) => {
    const before = read[i - 1]
    const least = before?.part === part ? before.end : 0
    return start < least || end <= start || end > (parts[part].size ?? Number.POSITIVE_INFINITY)
  })
  expect(wrong, 'index of the first record at a wrong place').toBe(-1)
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
