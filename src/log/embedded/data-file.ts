import { closeSync, existsSync, fstatSync, openSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { explain, notALog, otherFormat } from './failures.js'

/** Where lmdb's data file says what it is: magic number, version of its layout, page size. */
const MAGIC_AT = 24
const VERSION_AT = 28
const PAGE_SIZE_AT = 48
const HEAD_BYTES = 52
const MAGIC = 0xbeef_c0de
const LMDB_VERSION = 2
/** Two pages are written when the file is made. */
const FIRST_PAGES = 2
const UNFINISHED_WAIT_MS = 200

type Verdict = 'good' | 'missing' | 'unfinished' | 'foreign' | { version: number }

/**
 * Looks at the data file before lmdb does, which ends the process on a file that is not its own. A file that a killed
 * process had only begun to make holds nothing, and is removed.
 * @throws ExpectedError for a file that is not lmdb's, or another lmdb's
 */
export async function checkDataFile(folder: string): Promise<void> {
  const path = join(folder, 'data.mdb')
  let verdict = judged(path, folder)
  if (verdict === 'unfinished') {
    await sleep(UNFINISHED_WAIT_MS)
    verdict = judged(path, folder)
    if (verdict === 'unfinished') rmSync(path, { force: true })
  }
  if (verdict === 'foreign') throw notALog(folder)
  if (typeof verdict === 'object') throw otherFormat(folder, `lmdb ${verdict.version}`, `lmdb ${LMDB_VERSION}`)
}

function judged(path: string, folder: string): Verdict {
  try {
    return judge(path)
  } catch (error) {
    throw explain(error, folder)
  }
}

function judge(path: string): Verdict {
  if (!existsSync(path)) return 'missing'
  const fd = openSync(path, 'r')
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    const length = readSync(fd, head, 0, HEAD_BYTES, 0)
    // an empty file is what lmdb itself begins with
    if (length === 0) return 'good'
    if (length < HEAD_BYTES || head.readUInt32LE(MAGIC_AT) !== MAGIC) return 'foreign'
    const version = head.readUInt32LE(VERSION_AT) & 0xffff
    if (version !== LMDB_VERSION) return { version }
    return fstatSync(fd).size < FIRST_PAGES * head.readUInt32LE(PAGE_SIZE_AT) ? 'unfinished' : 'good'
  } finally {
    closeSync(fd)
  }
}
