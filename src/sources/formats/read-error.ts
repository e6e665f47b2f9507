import { ExpectedError } from '../../errors.js'

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  ENOENT: 'it is no longer there',
  Z_BUF_ERROR: 'it ends in the midst of its compressed data',
  Z_DATA_ERROR: 'its compressed data are damaged, or none',
}

/**
 * What goes wrong within the reader of a table has no code: it is the file's format. Without one elsewhere, it is a fault of ours.
 * @param table what it should be, where it is a table
 */
export function readError(name: string, table: string | undefined, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof ExpectedError || (code === undefined && table === undefined)) return error
  const reason = code === undefined ? `it is no ${table}, or not a whole one` : (REASONS[code] ?? message)
  return new ExpectedError(`cannot read ${name}: ${reason}`, ['check that it is whole and of the kind its name says'])
}
