/** Writes numbered results, and as many hits each, from number `first` on until it is killed; says each number that is safe. */
import { writeSync } from 'node:fs'
import { createHitColumns } from '../../../src/core/hits/hit-columns.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { openHitsSink } from '../../../src/sinks/hits/registry.js'
import { openSink } from '../../../src/sinks/registry.js'
import { noLog } from '../../support/no-log.js'
import { chainedResult } from '../../support/results.js'

const [folder, first, endpoint] = process.argv.slice(2)
const s3 = endpoint === undefined ? {} : { endpoint }
const sink = await openSink(`${folder}/results/`, { log: noLog, stdout: process.stdout, group: 'test', s3 })
const hits = await openHitsSink(`${folder}/hits`, { group: 'test', run: DEFAULT_RUN, s3 })
for (let number = Number(first); ; number++) {
  const result = chainedResult(20_000, number)
  const columns = createHitColumns(1000)
  columns.length = 1000
  columns.orbit.fill(number)
  await Promise.all([sink.write(result), hits.write({ result, hits: columns })])
  // not by a stream, which might hold it back
  writeSync(1, `${number}\n`)
}
