import { NS_PER_ORBIT } from '../run-file/run-file.js'
import type { HitColumns } from './hit-columns.js'

const NS_PER_HOUR = 3600e9
/** The counter has 2^32 orbits: 106.3 hours, and then it wraps. */
const HOURS = hourOfOrbit(2 ** 32 - 1) + 1

/** Fewer rows than this, and than one in so many, do not make an hour. */
const LEAST_ROWS = 3
const ONE_IN = 100

/** The hours of detector time since orbit 0 of its run. */
export function hourOfOrbit(orbit: number): number {
  return Math.floor((orbit * NS_PER_ORBIT) / NS_PER_HOUR)
}

/** Rows of one run and one hour, in their order. */
export interface HourOfHits {
  run: number
  hour: number
  /** which rows of the columns */
  rows: Uint32Array
}

/**
 * Shares rows out by run and hour, in the order in which these begin. A row is of its orbit's hour, unless that is absurd: not
 * the fullest of the run, without three rows and one in a hundred of the run, and not next to an hour that has these. A row
 * of an absurd hour, a bit that flipped, goes with the row before it; at the beginning, with the first that is of no such hour.
 */
export function shareByHour({ run, orbit, length }: HitColumns): HourOfHits[] {
  const runs = new Set(run.subarray(0, length))
  return [...runs].flatMap((number) => {
    const rows = rowsOf(run, length, number)
    const hours = placedHours(orbit, rows)
    return [...new Set(hours)].map((hour) => ({ run: number, hour, rows: rowsOfHour(rows, hours, hour) }))
  })
}

function rowsOf(run: Uint32Array, length: number, number: number): Uint32Array {
  const rows = new Uint32Array(length)
  let count = 0
  for (let i = 0; i < length; i++) if (run[i] === number) rows[count++] = i
  return rows.subarray(0, count)
}

function rowsOfHour(rows: Uint32Array, hours: Uint8Array, hour: number): Uint32Array {
  const own = new Uint32Array(rows.length)
  let count = 0
  for (let i = 0; i < rows.length; i++) if (hours[i] === hour) own[count++] = rows[i]
  return own.subarray(0, count)
}

function placedHours(orbit: Uint32Array, rows: Uint32Array): Uint8Array {
  const hours = new Uint8Array(rows.length)
  for (let i = 0; i < rows.length; i++) hours[i] = hourOfOrbit(orbit[rows[i]])
  const isReal = realHours(hours)
  let placed = hours.find((hour) => isReal[hour]) ?? 0
  for (let i = 0; i < hours.length; i++) {
    if (isReal[hours[i]]) placed = hours[i]
    hours[i] = placed
  }
  return hours
}

function realHours(hours: Uint8Array): boolean[] {
  const counts = new Uint32Array(HOURS)
  for (let i = 0; i < hours.length; i++) counts[hours[i]]++
  const fullest = counts.indexOf(counts.reduce((most, count) => Math.max(most, count)))
  const isFull = Array.from(
    counts,
    (count, hour) => hour === fullest || (count >= LEAST_ROWS && count * ONE_IN >= hours.length),
  )
  return isFull.map((full, hour) => full || isFull[(hour + 1) % HOURS] || isFull[(hour + HOURS - 1) % HOURS])
}
