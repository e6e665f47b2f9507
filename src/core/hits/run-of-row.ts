/** A place in detector time: an orbit, and how many restarts of the orbit counter came before. */
export interface RunPlace {
  run: number
  /** as on the wire */
  time: number
}

/**
 * The run of a row, by where the lane may be: of the places that are known, the nearest one's, modulo 2^32. Around a
 * restart rows of both runs come, far from each other.
 * @param places the current one first; it wins where others are as near
 */
export function runOfRow(orbit: number, places: readonly RunPlace[]): number {
  let nearest = places[0].run
  let least = Number.POSITIVE_INFINITY
  for (const { run, time } of places) {
    const distance = Math.abs((orbit - time) | 0)
    if (distance >= least) continue
    nearest = run
    least = distance
  }
  return nearest
}
