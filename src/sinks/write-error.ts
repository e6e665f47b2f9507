import { ExpectedError } from '../errors.js'

const REASONS: Record<string, [reason: string, suggestion: string]> = {
  ENOSPC: ['the disk is full', 'make room, or write to another disk'],
  EDQUOT: ['the disk quota is used up', 'make room, or write to another disk'],
  EFBIG: ['it would be larger than a file may be here', 'write to another disk, or raise the limit (ulimit -f)'],
  EACCES: ['permission denied', 'write to a folder of your own'],
  EPERM: ['permission denied', 'write to a folder of your own'],
  EROFS: ['the disk is read-only', 'write to another disk'],
  ENOENT: ['its folder does not exist', 'make the folder first'],
  ENOTDIR: ['its folder is a file', 'check the path'],
  EISDIR: ['it is a folder', 'name a file in it'],
  ENAMETOOLONG: ['its name is too long', 'choose a shorter one'],
}

/** What went wrong with writing to `name` (a file, or stdout), as a sentence; errors that are one already stay. */
export function writeError(name: string, error: unknown): ExpectedError {
  if (error instanceof ExpectedError) return error
  const { code, message } = error as NodeJS.ErrnoException
  const [reason, suggestion] = REASONS[code ?? ''] ?? [message, 'check the disk and the path']
  return new ExpectedError(`cannot write ${name}: ${reason}`, [suggestion])
}
