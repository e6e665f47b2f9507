import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { notALog, otherFormat } from './failures.js'
import { makeWhole } from './whole-file.js'

/** To be raised with every change of what `keys.ts`, `chunk.ts` and the records say. */
export const FORMAT = 1

/**
 * Marks a new folder with our format, in a file that is looked at before anything else there; leaves a folder of another
 * format, or of another program, as it is.
 * @throws ExpectedError naming both formats, or saying that the folder is not a log
 */
export function checkFormat(folder: string): void {
  const file = join(folder, 'format')
  // in this order: another process may be making both at this moment, the format first
  const hasData = existsSync(join(folder, 'data.mdb'))
  if (!existsSync(file)) {
    if (hasData) throw notALog(folder)
    makeWhole(file, Buffer.from(`dtstream log ${FORMAT}\n`))
  }
  const found = /^dtstream log (\d+)\n$/.exec(readFileSync(file, 'latin1'))
  if (!found) throw notALog(folder)
  if (Number(found[1]) !== FORMAT) throw otherFormat(folder, found[1], String(FORMAT))
}
