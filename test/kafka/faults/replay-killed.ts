import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { Stage } from '../support/stage.js'

const RATE = '20k/s'
const LONGEST_LIFE_MS = 2000

export const replayKilled: Fault = {
  name: 'replay-killed',
  what: 'replay killed (-9) at random and resumed, while its rows are processed',
  times: { short: 5, long: 30 },
  run: ({ times, seed }) =>
    Stage.on({ name: 'replay-killed', seed }, async (stage) => {
      const worker = stage.process()
      for (let kill = 0; kill < times; kill++) {
        const replay = stage.replay('--rate', RATE, '--resume')
        const { results } = stage.ledger.counts
        await sleep(300 + stage.random() * LONGEST_LIFE_MS)
        // the others may die before they have sent anything
        if (kill % 2 === 0) await stage.ledger.untilResults(results + 1)
        await replay.kill()
      }
      await stage.endRows()
      await worker.interrupt()
      return stage.reportWithRaw({ kills: times })
    }),
}
