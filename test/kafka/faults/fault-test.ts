import { expect, it } from 'vitest'
import { type Fault, lineOf } from '../support/fault-report.js'
import { haveKcat, KCAT_MISSING } from '../support/kcat.js'

const LONGEST_MS = 30 * 60_000

/** The short form of a trial; SEED and TIMES of the environment change it. */
export function faultTest({ name, what, times, run }: Fault): void {
  it(
    `${name}: ${what}`,
    async ({ skip }) => {
      skip(!haveKcat(), KCAT_MISSING)
      const seed = Number(process.env.SEED ?? Date.now() % 1e6)
      console.log(`${name}: SEED=${seed}`)
      const report = await run({ seed, times: Number(process.env.TIMES ?? times.short) })
      console.log(lineOf(report))
      expect(report.wrong).toEqual([])
    },
    LONGEST_MS,
  )
}
