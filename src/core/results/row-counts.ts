import type { RowCounts } from './result.js'

/** The classes of rows; they add up to `read`. */
export const ROW_CLASSES = [
  'hits',
  'scintillator',
  'ancillary',
  'unmapped',
  'malformed',
] as const satisfies readonly (keyof RowCounts)[]

/** The names of `RowCounts`, in its order. */
export const ROW_COUNTS = ['read', ...ROW_CLASSES, 'late'] as const satisfies readonly (keyof RowCounts)[]

export function emptyRowCounts(): RowCounts {
  return { read: 0, hits: 0, scintillator: 0, ancillary: 0, unmapped: 0, malformed: 0, late: 0 }
}

export function addRowCounts(a: RowCounts, b: RowCounts): RowCounts {
  return {
    read: a.read + b.read,
    hits: a.hits + b.hits,
    scintillator: a.scintillator + b.scintillator,
    ancillary: a.ancillary + b.ancillary,
    unmapped: a.unmapped + b.unmapped,
    malformed: a.malformed + b.malformed,
    late: a.late + b.late,
  }
}
