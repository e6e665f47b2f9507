/** How far a long piece of work has come. */
export interface ProgressState {
  rows: number
  /** rows there will be, where that is known */
  total: number | undefined
  /** rows per second over the last 5 s */
  rate: number
  /** rows per second asked for; Infinity for `max` */
  wanted: number | undefined
  /** of what is read, where it is known how many there are and rows are not */
  bytes: { done: number; total: number } | undefined
  /** time left in ms, where a total and its rate are known and there is any */
  leftMs: number | undefined
}

/** What shows a state: the bar, or plain lines. */
export interface ProgressFace {
  /** @param done rows, or bytes where those are what is counted */
  update(done: number): void
  note(text: string): void
  stop(): void
}
