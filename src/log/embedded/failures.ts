import { statfsSync } from 'node:fs'
import { ExpectedError } from '../../errors.js'

/** Codes as lmdb and the system call give them. lmdb reports a write that found too little room as an I/O error (5). */
const NO_SPACE: readonly unknown[] = [28, 5, 122, 'ENOSPC', 'EDQUOT']
const NO_SPACE_FOR_SURE: readonly unknown[] = [28, 122, 'ENOSPC', 'EDQUOT']
const NOT_PERMITTED: readonly unknown[] = [1, 13, 30, 'EACCES', 'EPERM', 'EROFS']
const NOT_A_FOLDER: readonly unknown[] = ['ENOTDIR', 'EEXIST']
const MAP_FULL = -30792
const PANIC = -30795
const CORRUPTED = -30796
const READERS_FULL = -30790
/** Below this much free space an I/O error is put down to the lack of it. */
const SCARCE_BYTES = 2 * 1024 * 1024

export const MIN_FREE_BYTES = 1024 * 1024

/** What a user can make of an error of lmdb or of the file system; errors that mean nothing to a user stay as they are. */
export function explain(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || error instanceof ExpectedError || !('code' in error)) return error
  const { code } = error
  if (code === MAP_FULL || isNoSpace(code, folder)) return diskFull(folder)
  if (NOT_PERMITTED.includes(code)) return notPermitted(folder)
  if (NOT_A_FOLDER.includes(code)) return notAFolder(folder)
  if (code === READERS_FULL) return tooManyReaders(folder)
  if (code === PANIC || code === CORRUPTED || code === 'LOCK_LOST') return unusable(folder, error.message)
  return error
}

export function diskFull(folder: string): ExpectedError {
  return new ExpectedError(`no space left on the disk for the log in ${folder}; nothing of the last write was kept`, [
    'free some space on that disk, then go on',
    'delete a topic that is no longer needed: dtstream topics delete NAME',
    'keep the log on another disk: --log DIR or DTSTREAM_LOG',
  ])
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

export function notALog(folder: string): ExpectedError {
  return new ExpectedError(`${folder} holds something else than a log of dtstream; it was left as it is`, [
    'choose another folder: --log DIR or DTSTREAM_LOG',
    'or move what is there away',
  ])
}

export function otherFormat(folder: string, found: string, own: string): ExpectedError {
  return new ExpectedError(
    `the log in ${folder} was written in format ${found}, and this dtstream reads format ${own}; it was left as it is`,
    [
      'use the version of dtstream that wrote it',
      'start a new log elsewhere: --log DIR or DTSTREAM_LOG',
      'or delete that folder if its topics are no longer needed',
    ],
  )
}

export function lockedByStopped(folder: string, pid: number): ExpectedError {
  return new ExpectedError(
    `process ${pid} was stopped while it was writing to the log in ${folder}, and nobody else can write until it goes on`,
    [`let it go on: fg in its terminal, or kill -CONT ${pid}`, `or end it: kill -9 ${pid}; nothing is lost by that`],
  )
}

function isNoSpace(code: unknown, folder: string): boolean {
  if (NO_SPACE_FOR_SURE.includes(code)) return true
  return NO_SPACE.includes(code) && freeBytes(folder) < SCARCE_BYTES
}

function notPermitted(folder: string): ExpectedError {
  return new ExpectedError(`no permission to read and write the log in ${folder}`, [
    'give yourself the permission to write there',
    'choose another folder: --log DIR or DTSTREAM_LOG',
  ])
}

function notAFolder(folder: string): ExpectedError {
  return new ExpectedError(`${folder} can't hold a log: it, or something above it, is not a folder`, [
    'choose another folder: --log DIR or DTSTREAM_LOG',
  ])
}

function tooManyReaders(folder: string): ExpectedError {
  return new ExpectedError(`too many processes have the log in ${folder} open`, ['end some of them, then try again'])
}

function unusable(folder: string, reason: string): ExpectedError {
  return new ExpectedError(`the log in ${folder} can't be used any more by this process: ${reason}`, [
    'start this command again',
    'if that does not help, choose another folder: --log DIR or DTSTREAM_LOG',
  ])
}
