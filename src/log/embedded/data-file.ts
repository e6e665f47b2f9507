import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { notALog, otherFormat } from './failures.js'

/** Where lmdb's data file says what it is: magic number, version of its layout. */
const MAGIC_AT = 24
const VERSION_AT = 28
const HEAD_BYTES = 32
const MAGIC = 0xbeef_c0de
const LMDB_VERSION = 2

/**
 * Looks at the data file before lmdb does, which ends the process on a file that is not its own.
 * @param shown what errors call the folder
 * @throws ExpectedError for a file that is not lmdb's, or another lmdb's
 */
export function checkDataFile(path: string, shown: string): void {
  if (!existsSync(path)) return
  const head = Buffer.alloc(HEAD_BYTES)
  const fd = openSync(path, 'r')
  const length = readSync(fd, head, 0, HEAD_BYTES, 0)
  closeSync(fd)
  if (length < HEAD_BYTES || head.readUInt32LE(MAGIC_AT) !== MAGIC) throw notALog(shown)
  const version = head.readUInt32LE(VERSION_AT) & 0xffff
  if (version !== LMDB_VERSION) throw otherFormat(shown, `lmdb ${version}`, `lmdb ${LMDB_VERSION}`)
}
