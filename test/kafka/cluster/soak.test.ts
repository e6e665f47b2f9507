import { expect, it } from 'vitest'
import { lineOf } from '../support/fault-report.js'
import { haveKcat, KCAT_MISSING } from '../support/kcat.js'
import { soak } from './soak.js'

const HALF_A_MINUTE = 0.5

it('5000 rows a second flow: exact, memory flat, lag bounded', async ({ skip }) => {
  skip(!haveKcat(), KCAT_MISSING)
  const seed = Number(process.env.SEED ?? Date.now() % 1e6)
  console.log(`soak: SEED=${seed}`)
  const report = await soak({ minutes: HALF_A_MINUTE, interval: '1s', seed, onLine: () => {} })
  console.log(lineOf(report))
  expect(report.wrong).toEqual([])
}, 300_000)
