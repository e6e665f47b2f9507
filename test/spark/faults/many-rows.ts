import type { Fault } from '../../kafka/support/fault-report.js'
import { LocalKafka } from '../../kafka/support/local-kafka.js'
import { entriesOfSource } from '../../support/replayed.js'
import { JobStage } from '../jobs/support/job-stage.js'
import { LocalSpark } from '../support/local-spark.js'

const MILLION = 1_000_000

export const manyRows: Fault = {
  name: 'many-rows',
  what: 'nothing dies: so many million rows, in two threads',
  times: { short: 1, long: 2 },
  run: async ({ times, seed }) => {
    const [kafka, spark] = await Promise.all([LocalKafka.start(), LocalSpark.start()])
    const stage = await JobStage.set({ kafka, spark, group: 'many', intervalMs: 5000 })
    try {
      const source = `sim:?seed=${seed}&rows=${times * MILLION}`
      await stage.replay(source, '--rate', 'max').succeed()
      const records = await entriesOfSource([source])
      const begun = performance.now()
      const job = stage.process()
      await stage.untilAll(records, job)
      const seconds = Math.round((performance.now() - begun) / 1000)
      await job.interrupt()
      return await stage.report('many-rows', seed, { seconds }, records)
    } finally {
      await stage.strike()
      await Promise.all([spark.stop(), kafka.stop()])
    }
  },
}
