import { Flags } from '@oclif/core'
import { EXIT, ExpectedError } from '../errors.js'
import { parseCount, parseSize } from './counts.js'
import { formatDuration, parseDuration } from './durations.js'
import { formatBytes, formatCount, formatRate } from './numbers.js'
import { parseRate } from './rates.js'

/** Bounds of a number, both included. */
export type Bounds = { min?: number; max?: number }

/** `--interval 500ms`: ms. Without `min`, 0 is allowed. */
export const durationFlag = numberFlag('DURATION', parseDuration, formatDuration)

/** `--rate 1000/s`: rows per second, Infinity for `max`. */
export const rateFlag = numberFlag('RATE', parseRate, formatRate)

/** `--limit 100k`. Without `min`, 0 is allowed. */
export const countFlag = numberFlag('COUNT', parseCount, formatCount)

/** `--retention-bytes 1GiB`: bytes. Without `min`, 0 is allowed. */
export const sizeFlag = numberFlag('SIZE', parseSize, formatBytes)

/** A flag whose text is read by `parse`; help shows its default as `format` writes it. */
function numberFlag(helpValue: string, parse: (text: string) => number, format: (value: number) => string) {
  return Flags.custom<number, Bounds>({
    helpValue,
    parse: async (text, _, { min, max }) => bounded(text, parse(text), min, max, format),
    defaultHelp: async ({ options }) => (typeof options.default === 'number' ? format(options.default) : undefined),
  })
}

function bounded(
  text: string,
  value: number,
  min: number | undefined,
  max: number | undefined,
  format: (value: number) => string,
): number {
  if (min !== undefined && value < min) {
    throw new ExpectedError(`'${text}' is too small: ${format(min)} is the least`, [], EXIT.usage)
  }
  if (max !== undefined && value > max) {
    throw new ExpectedError(`'${text}' is too large: ${format(max)} is the most`, [], EXIT.usage)
  }
  return value
}
