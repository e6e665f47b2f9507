export const ALARM_KINDS = [
  'dead-cell',
  'hot-cell',
  'rate',
  'drift-edges',
  'scintillator',
  'lag',
  'malformed',
  'reference',
] as const
export type AlarmKind = (typeof ALARM_KINDS)[number]

/** Something that is wrong, as long as it lasts. */
export interface Alarm {
  /** kind and where, the same while the alarm lasts: 'dead-cell/2/41', 'drift-edges/0', 'lag' */
  readonly id: string
  readonly kind: AlarmKind
  readonly chamber: number | undefined
  /** 0..63 */
  readonly cell: number | undefined
  /** one sentence: what, and how far */
  readonly text: string
  /** what was found */
  readonly value: number
  /** what is allowed */
  readonly limit: number
  /** of both: 'hits', 'hits/s', 'ns', 'um/ns', 'messages'; empty for a ratio */
  readonly unit: string
  /** when it was raised, ms since 1970: the end of the results' intervals; the wall clock for lag */
  readonly sinceMs: number
}

/** An alarm that is due, before it is known since when. */
export type Finding = Omit<Alarm, 'sinceMs'>
