/** What came of a trial. */
export interface FaultReport {
  name: string
  seed: number
  /** in the order in which they are to be printed; `kills: 20` */
  counts: Record<string, number>
  /** one sentence for each thing that is not as it must be */
  wrong: string[]
}

export interface FaultOptions {
  /** how often the fault is made to happen */
  times: number
  /** of rows, and of the times at which the fault happens */
  seed: number
}

/** A way in which something dies, and how often a short and a long trial let it happen. */
export interface Fault {
  name: string
  /** one line for who wants to choose */
  what: string
  times: { short: number; long: number }
  run(options: FaultOptions): Promise<FaultReport>
}

/** One line: `workers-killed, seed 7: 20 kills, 0 lost, ...: as it must be`. */
export function lineOf({ name, seed, counts, wrong }: FaultReport): string {
  const numbers = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
  const verdict = wrong.length === 0 ? 'as it must be' : `WRONG: ${wrong.join('; ')}`
  return `${name}, seed ${seed}: ${numbers.join(', ')}: ${verdict}`
}
