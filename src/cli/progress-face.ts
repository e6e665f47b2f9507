/** How far a long piece of work has come. */
export interface ProgressState {
  rows: number
  /** rows there will be, where that is known */
  total: number | undefined
  /** rows per second over the last 5 s */
  rate: number
  /** rows per second asked for; Infinity for `max` */
  wanted: number | undefined
  /** time left in ms, where total and rate are known and there is any */
  leftMs: number | undefined
}

/** What shows a state: the bar, or plain lines. */
export interface ProgressFace {
  update(rows: number): void
  note(text: string): void
  stop(): void
}
