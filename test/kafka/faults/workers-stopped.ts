import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { Stage } from '../support/stage.js'

const RATE = '3000/s'
/** 1.5 times after what a member without a sign of life is given up. */
const STOPPED_MS = 9000
const LONGEST_REST_MS = 4000

export const workersStopped: Fault = {
  name: 'workers-stopped',
  what: 'one of two processes stopped (SIGSTOP) for 1.5 times the session timeout and woken, while rows flow',
  times: { short: 1, long: 10 },
  run: ({ times, seed }) =>
    Stage.on({ name: 'workers-stopped', seed }, async (stage) => {
      const replay = stage.replay('--rate', RATE)
      const processes = [stage.process(), stage.process()]
      for (let stop = 0; stop < times; stop++) {
        await sleep(3000 + stage.random() * LONGEST_REST_MS)
        const victim = processes[stage.random() < 0.5 ? 0 : 1]
        victim.freeze()
        await sleep(STOPPED_MS)
        victim.wake()
      }
      await replay.interrupt()
      await stage.endRows()
      for (const one of processes) await one.interrupt()
      const said = processes.map((one) => one.said).join('')
      const lateWrites = said.match(/was taken over by another process/g)?.length ?? 0
      return stage.report({ stops: times, 'late writes shut out': lateWrites })
    }),
}
