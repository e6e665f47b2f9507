const FIRST_MS = 200
const LONGEST_MS = 10_000

/**
 * How long to wait before a try, in ms: full jitter, so that many who lost the same server do not come back at once.
 * @param tries that have failed so far, from 1
 * @param random a number from 0 to 1
 */
export function backoffMs(tries: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 16))
}
