import { EXIT, ExpectedError } from '../errors.js'
import { scaled } from './scaled.js'

/** Units of a duration and their length in ms, the longest first. */
const UNITS_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const
const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/**
 * Reads `500ms`, `5s`, `2m`, `1h`, `7d`; a fraction is fine (`1.5s`).
 * @returns whole ms
 * @throws ExpectedError (exit code 2) where the text is none of these, or is no whole number of ms
 */
export function parseDuration(text: string): number {
  const match = FORM.exec(text.trim())
  if (!match) throw notADuration(text, 'a number and a unit belong there')
  const ms = scaled(match[1], UNITS_MS[match[2] as keyof typeof UNITS_MS])
  if (!Number.isSafeInteger(ms)) throw notADuration(text, 'it is no whole number of milliseconds')
  return ms
}

/** The shortest text that `parseDuration` reads back to the same number of ms: 120000 is `2m`. */
export function formatDuration(ms: number): string {
  for (const [unit, length] of Object.entries(UNITS_MS)) {
    if (ms >= length && ms % length === 0) return `${ms / length}${unit}`
  }
  return `${ms}ms`
}

function notADuration(text: string, why: string): ExpectedError {
  return new ExpectedError(`'${text}' is not a duration: ${why}`, ['500ms, 5s, 2m, 1h or 7d'], EXIT.usage)
}
