import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { Result } from '../../src/core/results/result.js'

export * from '../../src/conformance/results.js'

/** As `toEqual`, which takes minutes to tell the difference between results of a megabyte. */
export function expectSameResults(received: Result[], results: Result[]): void {
  expect(received.map(({ msg_ID }) => msg_ID)).toEqual(results.map(({ msg_ID }) => msg_ID))
  const different = results.findIndex((result, i) => !isDeepStrictEqual(received[i], result))
  expect(different, 'index of the first result that differs').toBe(-1)
}
