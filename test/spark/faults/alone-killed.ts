import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../../kafka/support/fault-report.js'
import type { Actor } from '../../kafka/support/kafka-cli.js'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { seeded } from '../../support/stream.js'
import { JobStage } from '../jobs/support/job-stage.js'

const LONGEST_LIFE_MS = 10_000

export const aloneKilled: Fault = {
  name: 'alone-killed',
  what: 'the server that a job has started for itself, and the dtstream that follows it, killed (-9) in turn while rows flow',
  times: { short: 2, long: 10 },
  run: async ({ times, seed }) => {
    const kafka = await LocalKafka.start()
    const stage = await JobStage.set({ kafka, group: 'alone', seed })
    const random = seeded(seed)
    try {
      const flow = stage.flow()
      let follower = stage.process()
      await stage.untilRows(1, follower)
      for (let kill = 0; kill < times; kill++) {
        await sleep(random() * LONGEST_LIFE_MS)
        if (kill % 2 === 0) await killServer(stage, follower)
        else {
          await follower.kill()
          follower = stage.jobs('attach')
        }
        await stage.untilRows(stage.results.rows + 1, follower)
      }
      const records = await stage.endFlow(flow)
      await stage.untilAll(records, follower)
      await stage.jobs('stop').succeed()
      return await stage.report('alone-killed', seed, { kills: times }, records)
    } finally {
      await stage.strike()
      await kafka.stop()
    }
  },
}

async function killServer(stage: JobStage, follower: Actor): Promise<void> {
  const [killed] = stage.serverPids()
  process.kill(killed, 'SIGKILL')
  await stage.untilEntered(follower, ({ server }) => server !== undefined && server.process.pid !== killed)
}
