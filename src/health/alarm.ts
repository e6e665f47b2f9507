export type AlarmKind =
  | 'dead-cell'
  | 'hot-cell'
  | 'rate'
  | 'drift-edges'
  | 'scintillator'
  | 'lag'
  | 'malformed'
  | 'reference'

/** Something that is wrong with the detector or the stream, as long as it lasts. */
export interface Alarm {
  /** kind and place, the same while it lasts: `dead-cell/2/41`, `drift-edges/0`, `lag` */
  readonly id: string
  readonly kind: AlarmKind
  readonly chamber: number | undefined
  /** 0..63 in its chamber */
  readonly cell: number | undefined
  /** one sentence, what and how far: `cell 41 of chamber 2 is dead: 0 hits where 31 are expected` */
  readonly text: string
  /** what was found, and what is allowed, in `unit` */
  readonly value: number
  readonly limit: number
  readonly unit: string
  /** when it was raised, ms since 1970: in the time of results, for the lag in that of the wall clock */
  readonly sinceMs: number
}
