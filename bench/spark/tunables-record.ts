/** What was measured of a job's tunables, and where. Plain JSON. */
export interface TunablesRecord {
  /** ISO, of the day */
  date: string
  /** of the machine, which the executors share with master, driver and broker */
  machineCores: number
  spark: string
  /** in a micro-batch */
  batchRows: number
  points: TunablesPoint[]
}

export interface TunablesPoint {
  executors: number
  /** of each executor */
  cores: number
  shufflePartitions: number
  arrow: boolean
  /** processing time of a micro-batch: the median of so many warm ones */
  medianMs: number
  batches: number
}
