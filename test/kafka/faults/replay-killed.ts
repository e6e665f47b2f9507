import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { Stage } from '../support/stage.js'

const ROWS = 100_000
const LONGEST_LIFE_MS = 2000
/** Rows last longer than all kills take: those that are left go at once. */
const RATE = 20_000

export const replayKilled: Fault = {
  name: 'replay-killed',
  what: 'replay killed (-9) at random and resumed, while its rows are processed',
  times: { short: 5, long: 30 },
  run: ({ times, seed }) => {
    const rows = Math.max(ROWS, times * RATE * (LONGEST_LIFE_MS / 1000))
    return Stage.on({ name: 'replay-killed', seed, rows }, async (stage) => {
      const worker = stage.process()
      for (let kill = 0; kill < times; kill++) {
        const replay = stage.replay('--rate', `${RATE}/s`, '--resume')
        await sleep(300 + stage.random() * LONGEST_LIFE_MS)
        await replay.kill()
      }
      await stage.replay('--rate', 'max', '--resume').succeed()
      await stage.untilCovered()
      await worker.interrupt()
      return stage.reportWithRaw({ kills: times })
    })
  },
}
