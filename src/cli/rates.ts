import { EXIT, ExpectedError } from '../errors.js'

const UNIT_SECONDS = { s: 1, min: 60, h: 3600 } as const
const SCALE = { k: 1e3, M: 1e6, G: 1e9 } as const
const FORM = /^(\d+(?:\.\d+)?)([kMG]?)(?:\/(s|min|h))?$/

/**
 * Reads `1000/s`, `1k/s`, `1.5M/s`, `60000/min`, `3.6M/h`; a bare number is per second; `max` is without a limit.
 * @returns rows per second, above 0; Infinity for `max`
 * @throws ExpectedError (exit code 2) where the text is none of these
 */
export function parseRate(text: string): number {
  const trimmed = text.trim()
  if (trimmed === 'max') return Number.POSITIVE_INFINITY
  const match = FORM.exec(trimmed)
  if (!match) throw notARate(text, 'a number and a unit of time belong there')
  const scale = SCALE[match[2] as keyof typeof SCALE] ?? 1
  const seconds = UNIT_SECONDS[match[3] as keyof typeof UNIT_SECONDS] ?? 1
  const rate = (Number(match[1]) * scale) / seconds
  if (!(rate > 0 && Number.isFinite(rate))) throw notARate(text, 'it must be above 0')
  return rate
}

function notARate(text: string, why: string): ExpectedError {
  return new ExpectedError(`'${text}' is not a rate: ${why}`, ['1000/s, 1k/s, 60000/min or max'], EXIT.usage)
}
