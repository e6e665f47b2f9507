import { EXIT, ExpectedError } from '../../errors.js'

/** Where something stands in a file; both count from 1. */
export interface Place {
  /** the file as it is shown to its user */
  file: string
  line: number
  column: number
}

/** `dtstream.yaml:7:12`, as editors and terminals know it. */
export function placeInWords({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}

/** What is wrong at a place of a file (exit code 2). */
export function errorAt(place: Place, what: string, ...suggestions: string[]): ExpectedError {
  return new ExpectedError(`${placeInWords(place)}: ${what}`, suggestions, EXIT.usage)
}
