import { EXIT, ExpectedError } from '../errors.js'
import { scaled } from './scaled.js'

const COUNT_SCALE = { k: 1e3, M: 1e6, G: 1e9 } as const
const COUNT_FORM = /^(\d+(?:\.\d+)?)([kMG]?)$/

const SIZE_SCALE = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const
const SIZE_FORM = /^(\d+(?:\.\d+)?)\s?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?$/

/**
 * Reads `500`, `100k`, `1.5M`.
 * @throws ExpectedError (exit code 2) where the text is none of these, or is no whole number
 */
export function parseCount(text: string): number {
  const match = COUNT_FORM.exec(text.trim())
  const count = match ? scaled(match[1], COUNT_SCALE[match[2] as keyof typeof COUNT_SCALE] ?? 1) : Number.NaN
  if (Number.isSafeInteger(count)) return count
  throw new ExpectedError(`'${text}' is not a count: a whole number belongs there`, ['500, 100k or 1.5M'], EXIT.usage)
}

/**
 * Reads `512MB` (a million bytes each), `1GiB` (2^30 bytes each), `100B`; a bare number is bytes.
 * @throws ExpectedError (exit code 2) where the text is none of these, or is no whole number of bytes
 */
export function parseSize(text: string): number {
  const match = SIZE_FORM.exec(text.trim())
  const size = match ? scaled(match[1], SIZE_SCALE[match[2] as keyof typeof SIZE_SCALE] ?? 1) : Number.NaN
  if (Number.isSafeInteger(size)) return size
  throw new ExpectedError(`'${text}' is not a size in bytes`, ['512MB, 1GiB or 100kB'], EXIT.usage)
}
