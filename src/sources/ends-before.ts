import { ExpectedError } from '../errors.js'
import type { SourcePart } from './source.js'

/** For a part that has shrunk: it is shorter than the position that an earlier read came to. */
export function endsBefore(name: string, size: number, unit: SourcePart['unit'], position: number): ExpectedError {
  const length = `${size} ${unit}${size === 1 ? '' : 's'}`
  return new ExpectedError(`${name} has only ${length}, but reading is to go on at ${unit} ${position}`, [
    'it is not what was read before: start again without --resume',
  ])
}
